/** From arguments to an exit code: finds the command, runs it, writes what it answers. */
import { closest, printableJson, quote } from '@tenantry/report'
import type { Command, Surroundings } from './command-line/command.ts'
import { commonOptions } from './command-line/common-options.ts'
import { commandHelp, programHelp } from './command-line/help.ts'
import { parseArguments } from './command-line/parse.ts'
import { commands } from './commands/table.ts'
import { CliFailure, type ExitCode, undecided, usageFailure } from './failure.ts'
import { type Answer, toDocument } from './output/answer.ts'
import { failureDocument, failureText } from './output/failure-text.ts'
import { createStyle, type Screen, type Style } from './output/style.ts'
import { readVersions } from './version.ts'

/** What the program needs of its process. */
export interface Program extends Omit<Surroundings, 'note' | 'isQuiet'> {
  /** The arguments after the name of the program. */
  readonly argv: readonly string[]
  readonly stdout: Screen & Writer
  readonly stderr: Screen & Writer
}

interface Writer {
  write(text: string): unknown
}

/** How this call wants its output; known before the arguments are, so that mistakes obey it too. */
interface OutputWishes {
  readonly isJson: boolean
  readonly isQuiet: boolean
  readonly color: boolean | undefined
}

/** Runs the program and answers with its exit code. */
export async function main(program: Program): Promise<ExitCode> {
  const { argv, env, stdout, stderr } = program
  const wishes = readWishes(argv)
  const out = createStyle(stdout, env, wishes.color)
  const err = createStyle(stderr, env, wishes.color)
  const say = (writer: Writer, text: string): void => {
    if (!wishes.isQuiet) writer.write(`${text}\n`)
  }
  const document = (value: unknown): void => say(stdout, printableJson(value, !out.isUnicode))
  try {
    const note = (text: string): void => say(stderr, err.dim(text))
    const answer = await answerTo(argv, { ...program, note, isQuiet: wishes.isQuiet })
    if (wishes.isJson) document(toDocument(answer))
    else say(stdout, answer.text(out))
    return answer.exitCode
  } catch (error) {
    const failure = error instanceof CliFailure ? error : unexpected(error)
    if (wishes.isJson) document(failureDocument(failure))
    else say(stderr, failureText(failure, helpFor(argv), err))
    return failure.exitCode
  }
}

function readWishes(argv: readonly string[]): OutputWishes {
  const end = argv.indexOf('--')
  const flags = new Set(end === -1 ? argv : argv.slice(0, end))
  const isJson = flags.has('--json')
  return {
    isJson,
    // Of two that contradict each other, the one that can say so.
    isQuiet: flags.has('--quiet') && !isJson,
    color: flags.has('--no-color') ? false : flags.has('--color') ? true : undefined,
  }
}

async function answerTo(argv: readonly string[], surroundings: Surroundings): Promise<Answer> {
  // Only flags without a value may stand before the command, so it is the first other argument.
  const index = argv.findIndex((argument) => !argument.startsWith('-'))
  const name = index === -1 ? undefined : argv[index]
  const rest = index === -1 ? argv : argv.toSpliced(index, 1)
  if (name === undefined || name === 'help') return helpAnswer(name, rest)
  parseArguments(argv.slice(0, index), commonOptions)
  const command = findCommand(name)
  const options = { ...command.options, ...commonOptions }
  const { values, positionals } = parseArguments(rest, options, command.advice)
  refuseContradictions(values)
  if (values['help'] === true) return textAnswer('help', (style) => commandHelp(command, style))
  if (values['version'] === true) return versionAnswer()
  return await command.run({ values, positionals, surroundings })
}

/** The command line that explains how the given one should look. */
function helpFor(argv: readonly string[]): string {
  const typed = argv.find((argument) => !argument.startsWith('-'))
  const command = commands.find(({ name }) => name === typed)
  return command === undefined ? 'tenantry help' : `tenantry ${command.name} --help`
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  const names = [...commands.map((command) => command.name), 'help']
  const meant = closest(name, names)
  throw usageFailure(
    `There is no command ${quote(name)}.`,
    meant === undefined ? `Known: ${names.join(', ')}.` : `Did you mean ${quote(meant)}?`,
  )
}

/** `tenantry`, `tenantry --version`, `tenantry help decode`. */
function helpAnswer(name: 'help' | undefined, args: readonly string[]): Answer {
  const { values, positionals } = parseArguments(args, commonOptions)
  refuseContradictions(values)
  if (values['version'] === true) return versionAnswer()
  const [topic, ...others] = positionals
  if (others.length > 0) throw usageFailure('help takes one command.')
  if (topic !== undefined) {
    if (name === undefined) throw usageFailure('There is no command.')
    const command = topic === 'help' ? undefined : findCommand(topic)
    if (command !== undefined) return textAnswer('help', (style) => commandHelp(command, style))
  }
  const help = textAnswer('help', (style) => programHelp(commands, style))
  if (name === 'help' || values['help'] === true) return help
  // Nothing was asked for, which is no success.
  const message = 'There is no command.'
  return { ...help, exitCode: 2, ok: false, code: 'usage_invalid', data: { message } }
}

function refuseContradictions(values: Readonly<Record<string, unknown>>): void {
  for (const [one, other] of [
    ['color', 'no-color'],
    ['json', 'quiet'],
  ] as const) {
    if (values[one] !== true || values[other] !== true) continue
    throw usageFailure(`--${one} and --${other} contradict each other.`)
  }
}

function textAnswer(code: string, text: (style: Style) => string): Answer {
  const plain = createStyle({}, {}, false)
  return { exitCode: 0, ok: true, code, data: { [code]: text(plain) }, text }
}

function versionAnswer(): Answer {
  const versions = readVersions()
  return {
    exitCode: 0,
    ok: true,
    code: 'version',
    data: { ...versions },
    text: () => versions.version,
  }
}

/** A mistake in this program. What it says may come from anywhere, so it is quoted. */
function unexpected(error: unknown): CliFailure {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'
  return undecided('internal_error', `This is a defect of tenantry: ${quote(reason, 200)}`)
}
