/** Where the two tokens of `diff` come from. */
import { looksLikeToken } from '@tenantry/report'
import { type CliFailure, usageFailure } from '../failure.ts'
import { isTokenFileName, namesFile } from '../input/file-name.ts'
import type { TokenInput } from '../input/token-source.ts'

/** The places of the first and of the second token. */
export type TwoInputs = readonly [first: TokenInput, second: TokenInput]

const ways = 'Write: tenantry diff FIRST SECOND, each a token, a file or "-".'

/**
 * Reads the arguments and then the files that are named by a flag. When they are one, the second
 * token comes from where the token of other commands comes from.
 *
 * @throws {CliFailure} `usage_invalid` for more than two, or for standard input twice
 */
export function readTwoInputs(positionals: readonly string[], files: readonly string[]): TwoInputs {
  const inputs = [...positionals.map(readArgument), ...files.map(fromFile)]
  const [first, second = nowhere] = inputs
  if (first === undefined) throw usageFailure('diff needs two tokens.', ways)
  if (inputs.length > 2) throw usageFailure(`diff takes two tokens, not ${inputs.length}.`, ways)
  if (first.argument === '-' && second.argument === '-') {
    throw usageFailure('Both tokens are "-". Standard input has one.', ways)
  }
  // Said, because the variable would be taken for it otherwise.
  if (first.argument === '-' && second === nowhere) {
    throw secondMissing()
  }
  return [first, second]
}

/** There is one token, and no second one anywhere. */
export function secondMissing(): CliFailure {
  return usageFailure('There is one token. diff needs two.', ways)
}

const nowhere: TokenInput = { argument: undefined, file: undefined }

/** Here a file can be told from a token, and nothing else can be meant. */
function readArgument(argument: string): TokenInput {
  const isFile = isTokenFileName(argument) || (!looksLikeToken(argument) && namesFile(argument))
  return argument !== '-' && isFile ? fromFile(argument) : { argument, file: undefined }
}

function fromFile(file: string): TokenInput {
  return file === '-' ? { argument: '-', file: undefined } : { argument: undefined, file }
}
