/** What can be typed, as every shell needs it; made from the command table. */
import type { Command, OptionTable } from '../command-line/command.ts'
import { commonOptions } from '../command-line/common-options.ts'

/** A flag. */
export interface FlagWords {
  readonly flag: string
  readonly summary: string
  /** What comes after it. */
  readonly value: 'nothing' | 'file' | 'choice' | 'text'
  readonly choices: readonly string[]
}

/** A command. */
export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly flags: readonly FlagWords[]
  /** What its first argument may be. */
  readonly choices: readonly string[]
}

/** The commands, with `help` as one of them. */
export function wordsOf(commands: readonly Command[]): readonly CommandWords[] {
  const words = commands
    .filter(({ name }) => !name.includes(' '))
    .map(({ name, summary, options, choices }) => ({
      name,
      summary,
      flags: flagsOf({ ...options, ...commonOptions }),
      choices: choices?.() ?? [],
    }))
  const help = {
    name: 'help',
    summary: 'Show the help of a command',
    flags: flagsOf(commonOptions),
    choices: [...new Set(commands.map(({ name }) => firstWord(name)))],
  }
  return [...words, ...thingsOf(commands), help]
}

/** Commands of two words, such as `jwks fetch`: the second is what the first can be followed by. */
function thingsOf(commands: readonly Command[]): readonly CommandWords[] {
  const twoWords = commands.filter(({ name }) => name.includes(' '))
  const things = [...new Set(twoWords.map(({ name }) => firstWord(name)))]
  return things.map((thing) => {
    const actions = twoWords.filter(({ name }) => firstWord(name) === thing)
    const options = Object.assign({}, ...actions.map((action) => action.options))
    const choices = actions.map(({ name }) => name.slice(thing.length + 1))
    return {
      name: thing,
      summary: `${choices.join(', ')}: ${actions[0]?.summary ?? ''}, and more`,
      flags: flagsOf({ ...options, ...commonOptions }),
      choices,
    }
  })
}

function firstWord(name: string): string {
  return name.split(' ', 1)[0] ?? name
}

function flagsOf(options: OptionTable): readonly FlagWords[] {
  return Object.entries(options).map(([name, option]) => {
    const choices = option.type === 'string' ? (option.choices ?? []) : []
    return {
      flag: `--${name}`,
      summary: option.summary,
      value: valueKind(option, choices),
      choices,
    }
  })
}

function valueKind(option: OptionTable[string], choices: readonly string[]): FlagWords['value'] {
  if (option.type === 'boolean') return 'nothing'
  if (choices.length > 0) return 'choice'
  return option.value.includes('FILE') ? 'file' : 'text'
}
