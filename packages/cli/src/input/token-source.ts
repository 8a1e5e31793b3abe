/** Where the token of a command comes from: one place on the command line, or the environment. */
import { cleanToken, looksLikeToken, quote } from '@tenantry/report'
import type { PipedInput, Surroundings } from '../command-line/command.ts'
import { CliFailure, undecided, usageFailure } from '../failure.ts'
import { isTokenFileName, namesFile, tokenFileHint } from './file-name.ts'
import { type FirstChunk, firstChunk } from './first-chunk.ts'
import { readCapped, readFileCapped } from './read-capped.ts'

/** The flag of every command that takes one token. */
export const tokenOptions = {
  'token-file': { type: 'string', value: 'FILE', summary: 'Read the token from a file' },
} as const

/** Where they take it from, for help. */
export const tokenPlaces = 'a pipe, --token-file FILE, TENANTRY_TOKEN, or the last argument'

/** The variable that holds a token when the command line does not. */
export const TOKEN_VARIABLE = 'TENANTRY_TOKEN'

/** Room for the largest token that core decodes, with line breaks or a response around it. */
const MAX_INPUT_BYTES = 2 * 1024 * 1024

const ways = 'Give it as an argument, through a pipe, with --token-file or in TENANTRY_TOKEN.'

/** What the command line says about the token. */
export interface TokenInput {
  /** The positional argument, which may be `-`. */
  readonly argument: string | undefined
  readonly file: string | undefined
}

/**
 * Reads the token.
 *
 * @throws {CliFailure} `usage_invalid` for no token, two sources or the name of a file, `file_unreadable`,
 * `token_too_large`
 */
export async function readToken(input: TokenInput, surroundings: Surroundings): Promise<string> {
  const { jwt, member } = cleanToken(await readText(input, surroundings))
  if (jwt === '') throw usageFailure('The token is empty.', ways)
  if (member !== undefined) surroundings.note(`note: took the token from "${member}" of the JSON`)
  return jwt
}

async function readText(
  { argument, file }: TokenInput,
  { env, stdin, pipedInput, note }: Surroundings,
): Promise<string> {
  if (argument !== undefined && file !== undefined) {
    const other = argument === '-' ? '"-"' : 'an argument'
    throw usageFailure(`The token is given twice: ${other} and --token-file. Give it once.`)
  }
  if (file !== undefined && file !== '-') {
    return text(await readFileCapped(file, MAX_INPUT_BYTES, tooLarge))
  }
  const variable = env[TOKEN_VARIABLE]
  if (
    argument === undefined &&
    file === undefined &&
    variable !== undefined &&
    variable.trim() !== ''
  ) {
    await refuseSecondToken(stdin, pipedInput())
    return variable
  }
  if (argument !== undefined && argument !== '-') {
    if (looksLikeToken(argument)) {
      note('note: this token is now in your shell history; a pipe keeps it out of there')
    } else if (isTokenFileName(argument) || namesFile(argument)) {
      const message = `${quote(argument)} is the name of a file, not a token.`
      throw usageFailure(message, tokenFileHint(argument))
    }
    return argument
  }
  return text(await readStdin(stdin, argument ?? file))
}

/**
 * The answer would be about another token than the one that is piped in. A pipe that nobody has
 * closed may still bring one; nothing, and then the end, is no token.
 */
async function refuseSecondToken(
  open: Surroundings['stdin'],
  piped: PipedInput | undefined,
): Promise<void> {
  if (piped === undefined) return
  const came = piped === 'file' ? 'chunk' : (await firstOf(open)).kind
  if (came === 'ended') return
  throw usageFailure(
    came === 'chunk'
      ? `There are two tokens: ${TOKEN_VARIABLE} and standard input.`
      : `There may be two tokens: ${TOKEN_VARIABLE}, and standard input is a pipe that stays open.`,
    `Say "-" for standard input, or unset ${TOKEN_VARIABLE}.`,
    `To use ${TOKEN_VARIABLE}, direct nothing there: < /dev/null`,
  )
}

async function firstOf(open: Surroundings['stdin']): Promise<FirstChunk> {
  try {
    return await firstChunk(open())
  } catch {
    throw undecided('file_unreadable', 'Standard input cannot be read.')
  }
}

/** Nothing is asked for interactively, unless somebody says `-` and types. */
async function readStdin(open: Surroundings['stdin'], asked: string | undefined): Promise<Buffer> {
  try {
    const stdin = open()
    if (stdin.isTTY === true && asked === undefined) throw usageFailure('There is no token.', ways)
    return await readCapped(stdin, MAX_INPUT_BYTES, tooLarge)
  } catch (error) {
    if (error instanceof CliFailure) throw error
    throw undecided('file_unreadable', 'Standard input cannot be read.')
  }
}

/** Bytes that are no UTF-8 become replacement characters, which no token may contain. */
function text(bytes: Buffer): string {
  return bytes.toString('utf8')
}

function tooLarge(): CliFailure {
  return new CliFailure(1, 'token_too_large', 'The input is larger than any token.')
}
