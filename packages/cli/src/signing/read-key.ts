/** The key that `--key` names: a file or a pipe, never the key itself. */

import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import { statSync } from 'node:fs'
import { type Algorithm, algorithmNames, type PublicJwk } from '@tenantry/core'
import { quote } from '@tenantry/report'
import type { Surroundings } from '../command-line/command.ts'
import { CliFailure, undecided } from '../failure.ts'
import { refuseSecret } from '../input/no-secret.ts'
import { readCapped, readFileCapped } from '../input/read-capped.ts'
import { publicHalf, type SigningKey, signingKeyOf } from './signing-key.ts'

/** Where `keygen` puts a key, and the other commands look for one. */
export const DEFAULT_FOLDER = '.tenantry'
export const DEFAULT_KEY_FILE = '.tenantry/dev-key.json'

const MAX_KEY_BYTES = 256 * 1024

/**
 * Reads a private key or a secret: a JWK, a JWK Set with one key, or a PEM.
 *
 * @param path - a file, `-` for standard input; the file that keygen writes when not given
 * @param wanted - the algorithm, for a key that names none
 * @throws {CliFailure} `file_unreadable` or `key_unsuitable`, exit code 3
 */
export async function readSigningKey(
  path: string | undefined,
  surroundings: Surroundings,
  wanted?: Algorithm,
): Promise<SigningKey> {
  const name = nameOf(path)
  const jwks = readJwks(await readText(path, surroundings), name)
  const [jwk] = jwks
  if (jwk === undefined || jwks.length > 1) {
    throw unusable(name, `it holds ${jwks.length} keys; the one has to be in a file of its own.`)
  }
  if (!isPrivate(jwk)) throw unusable(name, 'it is a public key, and only a private one signs.')
  warnOfReaders(path, surroundings.note)
  warnOfWeakness(jwk, surroundings.note)
  const algorithm = algorithmOf(jwk, wanted, name)
  try {
    return signingKeyOf(jwk, algorithm, kidOf(jwk, name))
  } catch (error) {
    throw error instanceof CliFailure ? error : unusable(name, noKey)
  }
}

/**
 * Reads the public half of every key in a file, whichever halves it holds.
 *
 * @throws {CliFailure} `file_unreadable` or `key_unsuitable`, exit code 3
 */
export async function readPublishableKeys(
  path: string | undefined,
  surroundings: Surroundings,
): Promise<readonly PublishableKey[]> {
  const name = nameOf(path)
  const jwks = readJwks(await readText(path, surroundings), name)
  if (jwks.some(isPrivate)) warnOfReaders(path, surroundings.note)
  return jwks.map((jwk) => {
    if (jwk.kty === 'oct') throw unusable(name, 'it is a secret, and a secret is never published.')
    const algorithm = algorithmOf(jwk, undefined, name)
    try {
      return { algorithm, jwk: publicHalf(jwk, algorithm, kidOf(jwk, name)) }
    } catch (error) {
      throw error instanceof CliFailure ? error : unusable(name, noKey)
    }
  })
}

/** A key as it is published, and what it signs with. */
export interface PublishableKey {
  readonly algorithm: Algorithm
  readonly jwk: PublicJwk
}

const noKey = 'its numbers are no key of its type.'

function nameOf(path: string | undefined): string {
  return path === '-' ? 'standard input' : quote(path ?? DEFAULT_KEY_FILE)
}

function kidOf(jwk: JsonWebKey, name: string): string | undefined {
  const kid: unknown = Reflect.get(jwk, 'kid')
  if (kid === undefined || (typeof kid === 'string' && kid !== '')) return kid
  throw unusable(name, 'its kid is no name.')
}

async function readText(path: string | undefined, surroundings: Surroundings): Promise<string> {
  const file = path ?? DEFAULT_KEY_FILE
  refuseSecret('--key', file)
  const tooLarge = (): CliFailure => unusable(quote(file), 'it is larger than any key.')
  if (file === '-') {
    const bytes = await readCapped(surroundings.stdin(), MAX_KEY_BYTES, tooLarge)
    return bytes.toString('utf8')
  }
  try {
    const bytes = await readFileCapped(file, MAX_KEY_BYTES, tooLarge)
    return bytes.toString('utf8')
  } catch (error) {
    if (path !== undefined || !(error instanceof CliFailure)) throw error
    throw undecided(
      error.code,
      `There is no key: ${error.message}`,
      'Make one with  tenantry keygen,  or name one with --key FILE.',
    )
  }
}

function warnOfReaders(path: string | undefined, note: Surroundings['note']): void {
  const file = path ?? DEFAULT_KEY_FILE
  if (file === '-' || process.platform === 'win32') return
  const others = statSync(file, { throwIfNoEntry: false })?.mode ?? 0
  if ((others & 0o077) !== 0) {
    note(`note: others can read ${quote(file)}, a private key; chmod 600 keeps them out`)
  }
}

/** Core's limit, and that of RFC 7518 section 3.3. */
const RSA_BITS = 2048

function warnOfWeakness({ kty, n }: JsonWebKey, note: Surroundings['note']): void {
  if (kty !== 'RSA' || n === undefined) return
  const bits = Buffer.from(n, 'base64url').length * 8
  if (bits >= RSA_BITS) return
  note(`note: the key has ${bits} bits; a verifier refuses RSA keys below ${RSA_BITS}`)
}

/** The keys of a text: a JWK, a JWK Set or a PEM. */
function readJwks(text: string, name: string): readonly JsonWebKey[] {
  const trimmed = text.trim()
  if (trimmed.includes('-----BEGIN')) return [readPem(trimmed, name)]
  const value = parseJson(trimmed)
  if (!isObject(value)) throw unusable(name, 'it holds neither a JWK nor a PEM.')
  const set: unknown = Reflect.get(value, 'keys')
  const jwks: readonly unknown[] = Array.isArray(set) ? set : [value]
  return jwks.map((jwk) => {
    if (isObject(jwk) && typeof Reflect.get(jwk, 'kty') === 'string') return { ...jwk }
    throw unusable(name, 'it holds no JWK.')
  })
}

function isPrivate(jwk: JsonWebKey): boolean {
  const half: unknown = jwk.kty === 'oct' ? jwk.k : jwk.d
  return typeof half === 'string' && half !== ''
}

function readPem(pem: string, name: string): JsonWebKey {
  const read = [() => createPrivateKey(pem), () => createPublicKey(pem)]
  for (const parse of read) {
    try {
      return parse().export({ format: 'jwk' })
    } catch {
      // The next form, or none.
    }
  }
  if (pem.includes('ENCRYPTED')) {
    throw unusable(name, 'it has a password, which cannot be given here.')
  }
  throw unusable(name, 'no key can be read from it.')
}

/** The algorithm that the key names, or else the one that goes with its type. */
function algorithmOf(jwk: JsonWebKey, wanted: Algorithm | undefined, name: string): Algorithm {
  const fitting = fittingAlgorithms(jwk)
  const alg: unknown = Reflect.get(jwk, 'alg')
  const named = algorithmNames.find((algorithm) => algorithm === alg)
  if (alg !== undefined && named === undefined) {
    throw unusable(name, 'its alg is not a signature algorithm.')
  }
  const chosen = named ?? wanted ?? fitting[0]
  if (chosen === undefined || !fitting.includes(chosen)) {
    throw unusable(name, 'its kty and crv do not go with the algorithm.')
  }
  if (wanted !== undefined && wanted !== chosen) {
    throw unusable(name, `it is a key for ${chosen}, not for ${wanted}.`)
  }
  return chosen
}

/** The first is the one to take when nothing else is said. */
function fittingAlgorithms({ kty, crv }: JsonWebKey): readonly Algorithm[] {
  if (kty === 'RSA') return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
  if (kty === 'oct') return ['HS256', 'HS384', 'HS512']
  if (crv === 'P-256') return ['ES256']
  if (crv === 'P-384') return ['ES384']
  if (crv === 'P-521') return ['ES512']
  return crv === 'Ed25519' ? ['EdDSA', 'Ed25519'] : []
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

function unusable(name: string, reason: string): CliFailure {
  return undecided('key_unsuitable', `The key in ${name} cannot be used: ${reason}`)
}
