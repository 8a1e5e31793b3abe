/** Reads keys and prints what of them may be published. */
import { printableJson, quote } from '@tenantry/report'
import type { Surroundings } from '../command-line/command.ts'
import { undecided, usageFailure } from '../failure.ts'
import type { Answer } from '../output/answer.ts'
import { type PublishableKey, readPublishableKeys } from '../signing/read-key.ts'

interface PrintInvocation {
  readonly values: { readonly key: readonly string[] }
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
}

/** @throws {CliFailure} `usage_invalid`, `file_unreadable`, `key_unsuitable` */
export async function runPrint(invocation: PrintInvocation): Promise<Answer> {
  const { values, positionals, surroundings } = invocation
  if (positionals.length > 0) {
    throw usageFailure('jwks print takes no argument.', 'Name the key with --key FILE.')
  }
  const keys = await readAllKeys(values.key, surroundings)
  return jwksAnswer(
    'jwks_printed',
    keys.map(({ jwk }) => jwk),
  )
}

/**
 * The public half of the keys in these files, or in the file that keygen writes.
 *
 * @throws {CliFailure} also when two keys have one name: a verifier would take neither
 */
export async function readAllKeys(
  files: readonly string[],
  surroundings: Surroundings,
): Promise<readonly PublishableKey[]> {
  if (files.filter((file) => file === '-').length > 1) {
    throw usageFailure('Standard input holds one key: --key - is given twice.')
  }
  const keys: PublishableKey[] = []
  for (const file of files.length === 0 ? [undefined] : files) {
    keys.push(...(await readPublishableKeys(file, surroundings)))
  }
  if (keys.length === 0) throw undecided('key_unsuitable', 'There is no key in the set.')
  const names = keys.map(({ jwk }) => jwk.kid ?? '')
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return keys
  throw undecided('key_unsuitable', `Two of the keys are called ${quote(twice)}.`)
}

/** A JWK Set as the answer of a command: the set itself for a pipe. */
export function jwksAnswer(
  code: string,
  keys: readonly unknown[],
  data: Readonly<Record<string, unknown>> = {},
): Answer {
  const jwks = { keys }
  return {
    exitCode: 0,
    ok: true,
    code,
    data: { ...data, jwks },
    text: (style) => printableJson(jwks, !style.isUnicode),
  }
}
