/** The flags that name keys, and the keys they name. */
import type { PublicJwk, PublicJwks, VerifierOptions } from '@tenantry/core'
import { quote } from '@tenantry/report'
import type { OptionValues } from '../command-line/command.ts'
import { type CliFailure, undecided, usageFailure } from '../failure.ts'
import { addressHints, isAddress } from '../input/address.ts'
import { namesFile } from '../input/file-name.ts'
import { refuseSecret } from '../input/no-secret.ts'
import { readFileCapped } from '../input/read-capped.ts'
import { refuseMisplaced } from './key-content.ts'

/** Public keys and secrets are told apart by the flag, never by what the file looks like. */
export const keyOptions = {
  jwks: { type: 'string', value: 'URL|FILE', summary: 'The JWK Set: an https address or a file' },
  key: { type: 'string', value: 'FILE', summary: 'A public key: PEM, certificate or JWK' },
  'secret-file': { type: 'string', value: 'FILE', summary: 'The secret of HS256, HS384, HS512' },
} as const

type KeyValues = OptionValues<typeof keyOptions>

/** Where keys are from, to be said to a person. */
export interface KeyOrigin {
  readonly kind: 'url' | 'file'
  readonly name: string
  /** The flag that names them. */
  readonly flag: '--jwks' | '--key' | '--secret-file'
}

/** Keys that were named on the command line. */
export interface NamedKeys {
  readonly keys: VerifierOptions['keys']
  readonly origin: KeyOrigin
  /** The JWK Set or JWK that a file holds. Never a secret. */
  readonly json?: PublicJwks | PublicJwk
}

/** As much as core takes from a JWKS endpoint. */
const MAX_KEY_BYTES = 256 * 1024

/** The keys that the flags name, if they name any. @throws {CliFailure} for two of them, or a file that holds none */
export async function readKeys(values: KeyValues): Promise<NamedKeys | undefined> {
  const { jwks, key, 'secret-file': secret } = values
  const given = Object.entries({ jwks, key, 'secret-file': secret }).filter(
    ([, value]) => value !== undefined,
  )
  if (given.length > 1) {
    const flags = given.map(([flag]) => `--${flag}`)
    throw usageFailure(`The keys are given twice: ${flags.join(' and ')}. Give them once.`)
  }
  for (const [flag, value] of given) {
    if (value !== undefined) refuseSecret(`--${flag}`, value)
  }
  if (jwks !== undefined && isAddress(jwks)) {
    return { keys: jwks, origin: { kind: 'url', name: jwks, flag: '--jwks' } }
  }
  if (jwks !== undefined) {
    const [hint] = namesFile(jwks) ? [] : addressHints(jwks)
    if (hint !== undefined)
      throw usageFailure(`--jwks is neither an address nor a file: ${quote(jwks)}.`, hint)
    return namedJson(
      '--jwks',
      jwks,
      publicKeys((await readKeyFile('--jwks', jwks)).toString('utf8'), jwks),
    )
  }
  if (key !== undefined) {
    const text = (await readKeyFile('--key', key)).toString('utf8').trim()
    // Core takes an address for keys as well, and a file must not send this program anywhere.
    if (isAddress(text)) throw unusable(key, 'It holds an address, not a key.')
    // What does not begin like JSON is a PEM or nothing: core says which.
    return text.startsWith('{')
      ? namedJson('--key', key, publicKeys(text, key))
      : named('--key', key, text)
  }
  if (secret === undefined) return undefined
  return named('--secret-file', secret, {
    secret: secretKeys(await readKeyFile('--secret-file', secret)),
  })
}

type Flag = KeyOrigin['flag']

function named(flag: Flag, name: string, keys: VerifierOptions['keys']): NamedKeys {
  return { keys, origin: { kind: 'file', name, flag } }
}

function namedJson(flag: Flag, name: string, json: PublicJwks | PublicJwk): NamedKeys {
  return { ...named(flag, name, json), json }
}

async function readKeyFile(flag: Flag, path: string): Promise<Buffer> {
  const bytes = await readFileCapped(path, MAX_KEY_BYTES, () =>
    unusable(path, 'It is larger than any set of keys.'),
  )
  refuseMisplaced(flag, path, bytes)
  return bytes
}

/** Only the members of a JWK Set or a JWK: a file must not say `{ "secret": … }` to core. */
function publicKeys(json: string, path: string): PublicJwks | PublicJwk {
  const value = parseJson(json)
  if (!isObject(value)) throw unusable(path, 'It holds no JWK Set and no JWK.')
  const keys: unknown = Reflect.get(value, 'keys')
  // Core vets every member of every key.
  if (Array.isArray(keys)) return { keys }
  if (typeof Reflect.get(value, 'kty') === 'string') {
    return Object.fromEntries(Object.entries(value).filter(([member]) => member !== 'secret'))
  }
  throw unusable(path, 'It holds no JWK Set and no JWK.')
}

/** A JWK of type `oct`, a set of them, or the bytes. An editor's line break at the end is no part. */
function secretKeys(bytes: Buffer): Uint8Array | PublicJwk | PublicJwks {
  const text = bytes.toString('utf8')
  const value = text.trimStart().startsWith('{') ? parseJson(text) : undefined
  if (isObject(value) && (Object.hasOwn(value, 'kty') || Object.hasOwn(value, 'keys'))) {
    return { ...value }
  }
  return /^[\x20-\x7e]+\r?\n$/.test(text) ? Buffer.from(text.trimEnd()) : bytes
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unusable(path: string, reason: string): CliFailure {
  return undecided('option_invalid', `The keys in ${quote(path)} cannot be used. ${reason}`)
}
