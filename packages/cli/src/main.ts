/** From arguments to an exit code: finds the command, runs it, writes what it answers. */
import { printableJson, quote } from '@tenantry/report'
import type { Surroundings } from './command-line/command.ts'
import { commonOptions } from './command-line/common-options.ts'
import { findCommand, helpFor, splitName } from './command-line/find-command.ts'
import { commandHelp, groupHelp, programHelp } from './command-line/help.ts'
import { parseArguments } from './command-line/parse.ts'
import { actionsOn, allCommands } from './commands/lookup.ts'
import { CliFailure, type ExitCode, undecided, usageFailure } from './failure.ts'
import { refuseTokens } from './input/no-secret.ts'
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
  /** Hands over what was written, when the program goes on after its answer. */
  flush?(exitCode: ExitCode): Promise<void>
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
    if (answer.running !== undefined) {
      await stdout.flush?.(answer.exitCode)
      await answer.running
    }
    return answer.exitCode
  } catch (error) {
    const failure = error instanceof CliFailure ? error : unexpected(error)
    if (wishes.isJson) document(failureDocument(failure))
    else say(stderr, failureText(failure, await helpFor(argv), err))
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
  const { name, before, rest } = await splitName(argv)
  if (name === undefined || name === 'help') return await helpAnswer(name, rest)
  parseArguments(before, commonOptions)
  const wantsHelp = rest.includes('--help') || rest.includes('-h')
  const group = wantsHelp ? await groupAnswer(name) : undefined
  if (group !== undefined) {
    refuseContradictions(parseArguments(rest, commonOptions).values)
    return group
  }
  const command = await findCommand(name)
  const options = { ...command.options, ...commonOptions }
  const { values, given, positionals } = parseArguments(rest, options, command.advice)
  refuseContradictions(values)
  if (command.token === undefined) refuseTokens(command.name, positionals)
  if (values['help'] === true) return textAnswer('help', (style) => commandHelp(command, style))
  if (values['version'] === true) return versionAnswer()
  return await command.run({ values, given, positionals, surroundings, commands: allCommands })
}

/** `tenantry`, `tenantry --version`, `tenantry help decode`. */
async function helpAnswer(name: 'help' | undefined, args: readonly string[]): Promise<Answer> {
  const { values, positionals } = parseArguments(args, commonOptions)
  refuseContradictions(values)
  if (values['version'] === true) return versionAnswer()
  const { name: topic, rest: others } = await splitName(positionals)
  if (others.length > 0) throw usageFailure('help takes one command.')
  if (topic !== undefined) {
    if (name === undefined) throw usageFailure('There is no command.')
    const group = await groupAnswer(topic)
    if (group !== undefined) return group
    const command = topic === 'help' ? undefined : await findCommand(topic)
    if (command !== undefined) return textAnswer('help', (style) => commandHelp(command, style))
  }
  const commands = await allCommands()
  const help = textAnswer('help', (style) => programHelp(commands, style))
  if (name === 'help' || values['help'] === true) return help
  // Nothing was asked for, which is no success.
  const message = 'There is no command.'
  return { ...help, exitCode: 2, ok: false, code: 'usage_invalid', data: { message } }
}

/** The help of the first word of several commands; undefined for any other. */
async function groupAnswer(thing: string): Promise<Answer | undefined> {
  const actions = await actionsOn(thing)
  if (actions.length === 0) return undefined
  const commands = (await allCommands()).filter(({ name }) => actions.includes(name))
  return textAnswer('help', (style) => groupHelp(thing, commands, style))
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
