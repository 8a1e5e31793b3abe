/** Makes a key and puts it where it was asked for. */

import { type Algorithm, algorithmNames } from '@tenantry/core'
import { printableJson, quote } from '@tenantry/report'
import type { Surroundings } from '../command-line/command.ts'
import { usageFailure } from '../failure.ts'
import { makePrivateFolder, writePrivateFile } from '../files/write-private-file.ts'
import { typeableName } from '../input/file-name.ts'
import type { Answer } from '../output/answer.ts'
import { hang } from '../output/lines.ts'
import { algorithmFlags } from './algorithm-flags.ts'
import { makeKey } from './make-key.ts'
import { DEFAULT_FOLDER, DEFAULT_KEY_FILE } from './read-key.ts'
import { DEV_PREFIX, type SigningKey } from './signing-key.ts'

interface KeygenInvocation {
  readonly values: {
    readonly alg: string | undefined
    readonly kid: string | undefined
    readonly out: string | undefined
    readonly force: boolean
    readonly public: boolean
    readonly stdout: boolean
  }
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
}

/** @throws {CliFailure} `usage_invalid`, `file_exists`, `file_unwritable` */
export function runKeygen({ values, positionals, surroundings }: KeygenInvocation): Answer {
  const { out, force, stdout } = values
  if (positionals.length > 0) {
    throw usageFailure('keygen takes no argument.', 'Name the file with --out FILE.')
  }
  if (stdout && (out !== undefined || force)) {
    throw usageFailure(`--stdout and --${force ? 'force' : 'out'} contradict each other.`)
  }
  if (stdout && surroundings.isQuiet) {
    throw usageFailure('--stdout and --quiet contradict each other: the key would be lost.')
  }
  if (stdout && values.public) throw usageFailure('--stdout and --public contradict each other.')
  const algorithm = readAlgorithm(values.alg)
  if (values.public && algorithm.startsWith('HS')) {
    throw usageFailure(`A key for ${algorithm} is a secret, and has no public half.`)
  }
  const key = makeKey(algorithm, readName(values.kid))
  if (stdout) return printed(key)
  const file = out ?? DEFAULT_KEY_FILE
  if (out === undefined) makePrivateFolder(DEFAULT_FOLDER)
  writePrivateFile(file, `${printableJson(key.privateJwk)}\n`, { force })
  return written(key, file, values.public, surroundings)
}

function readAlgorithm(alg: string | undefined): Algorithm {
  // The parser let nothing else through.
  return algorithmNames.find((name) => name === alg) ?? 'ES256'
}

/** By its name a key is known as one that nobody outside should trust. */
function readName(kid: string | undefined): string | undefined {
  if (kid === undefined) return undefined
  const name = kid.startsWith(DEV_PREFIX) ? kid : `${DEV_PREFIX}${kid}`
  if (name.length <= 256) return name
  throw usageFailure('--kid is longer than 256 characters.')
}

function printed(key: SigningKey): Answer {
  return {
    exitCode: 0,
    ok: true,
    code: 'key_made',
    data: { ...describe(key), key: key.privateJwk },
    text: (style) => printableJson(key.privateJwk, !style.isUnicode),
  }
}

function written(
  key: SigningKey,
  file: string,
  isPublicWanted: boolean,
  { note }: Surroundings,
): Answer {
  const { publicJwk, algorithm, kid } = key
  if (isPublicWanted) note(`note: wrote the private half to ${quote(file)}, mode 0600`)
  return {
    exitCode: 0,
    ok: true,
    code: 'key_made',
    data: {
      ...describe(key),
      file,
      ...(publicJwk === undefined ? {} : { jwks: { keys: [publicJwk] } }),
    },
    text(style) {
      if (isPublicWanted) return printableJson({ keys: [publicJwk] }, !style.isUnicode)
      const mark = style.symbols.yes
      const isDefault = file === DEFAULT_KEY_FILE
      return [
        style.good(hang(mark, `wrote ${quote(file)}, mode 0600`, mark.length + 1)),
        hang('', `${algorithm}, kid ${quote(kid)}`, mark.length + 1),
        ...(isDefault ? [hang('', 'Git ignores the folder', mark.length + 1)] : []),
        ...nextLines(key, file).map(
          (line, index) => `  ${index === 0 ? 'next' : '    '}   ${style.hint(line)}`,
        ),
      ].join('\n')
    },
  }
}

/** A token with the key, and what verifies it. */
function nextLines({ publicJwk, algorithm }: SigningKey, file: string): readonly string[] {
  const keyFlag = file === DEFAULT_KEY_FILE ? '' : ` --key ${typeableName(file)}`
  const mint = `tenantry mint --tenant acme=admin${keyFlag}`
  const algFlag = algorithmFlags([algorithm])
  if (publicJwk === undefined) {
    return [mint, `tenantry verify --secret-file ${typeableName(file)}${algFlag} < token.jwt`]
  }
  return [
    mint,
    `tenantry jwks serve${keyFlag}`,
    `tenantry jwks print${keyFlag} > jwks.json`,
    `tenantry verify --jwks jwks.json${algFlag} < token.jwt`,
  ]
}

function describe({ algorithm, kid }: SigningKey): Readonly<Record<string, string>> {
  return { alg: algorithm, kid }
}
