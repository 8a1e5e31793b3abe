/** Which command a command line means. */
import { closest, quote } from '@tenantry/report'
import { actionsOn, allCommands, commandNamed } from '../commands/lookup.ts'
import { usageFailure } from '../failure.ts'
import { refuseTokenAsCommand } from '../input/no-secret.ts'
import type { Command } from './command.ts'

/** A command line with the name of its command taken out. */
export interface NamedArguments {
  readonly name: string | undefined
  /** What comes before the name, and everything but the name. */
  readonly before: readonly string[]
  readonly rest: readonly string[]
}

/** Only flags without a value may stand before the command, so it is the first other argument. */
export async function splitName(argv: readonly string[]): Promise<NamedArguments> {
  const index = argv.findIndex((argument) => !argument.startsWith('-'))
  const name = index === -1 ? undefined : argv[index]
  if (name === undefined) return { name, before: [], rest: argv }
  const before = argv.slice(0, index)
  const rest = argv.toSpliced(index, 1)
  const second = rest.findIndex((argument, at) => at >= index && !argument.startsWith('-'))
  const isWhole = name === 'help' || second === -1 || (await actionsOn(name)).length === 0
  if (isWhole) return { name, before, rest }
  // In a command of two words, the second is the first argument after the first that is no flag.
  return { name: `${name} ${rest[second]}`, before, rest: rest.toSpliced(second, 1) }
}

/** @throws {CliFailure} exit code 2, with what was probably meant */
export async function findCommand(name: string): Promise<Command> {
  const found = await commandNamed(name)
  if (found !== undefined) return found
  refuseTokenAsCommand(name)
  const actions = await actionsOn(name)
  if (actions.length > 0) {
    throw usageFailure(`${name} needs one more word.`, `Known: ${actions.join(', ')}.`)
  }
  const names = [...(await allCommands()).map((command) => command.name), 'help']
  const meant =
    instead.get(name) ?? names.find((known) => known.endsWith(` ${name}`)) ?? closest(name, names)
  throw usageFailure(
    `There is no command ${quote(name)}.`,
    ...(meant === undefined ? knownLines(names) : [`Did you mean ${quote(meant)}?`]),
  )
}

/** What other programs have as a command. */
const instead: ReadonlyMap<string, string> = new Map([['version', '--version']])

/** Lines that are not broken again: a name of two words stays in one of them. */
function knownLines(names: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (const [index, name] of names.entries()) {
    const item = `${name}${index === names.length - 1 ? '.' : ','}`
    const line = lines.at(-1) ?? 'Known:'
    if (line.length + item.length < 76) lines.splice(-1, 1, `${line} ${item}`)
    else lines.push(item)
  }
  return lines
}

/** The command line that explains how the given one should look. */
export async function helpFor(argv: readonly string[]): Promise<string> {
  const { name } = await splitName(argv)
  const isKnown = name !== undefined && (await commandNamed(name)) !== undefined
  return isKnown ? `tenantry ${name} --help` : 'tenantry help'
}
