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
  const words = commands.map(({ name, summary, options, choices }) => ({
    name,
    summary,
    flags: flagsOf({ ...options, ...commonOptions }),
    choices: choices?.() ?? [],
  }))
  const help = {
    name: 'help',
    summary: 'Show the help of a command',
    flags: flagsOf(commonOptions),
    choices: commands.map(({ name }) => name),
  }
  return [...words, help]
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
