/** What a file with a key holds, to be able to say that it belongs to another flag. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { looksLikeToken, quote } from '@tenantry/report'
import { type CliFailure, undecided } from '../failure.ts'
import { typeableName } from '../input/file-name.ts'
import type { KeyOrigin } from './key-options.ts'

/** What can be told apart. `unknown` is a secret, or no key. */
export type KeyContent =
  | 'public PEM'
  | 'private PEM'
  | 'public JWK'
  | 'private JWK'
  | 'secret JWK'
  | 'SSH key'
  | 'token'
  | 'unknown'

/** Looks at the bytes of a file. */
export function contentOf(bytes: Buffer): KeyContent {
  const text = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim()
  if (text.includes('-----BEGIN')) return pemContent(text)
  if (/^(?:ssh|ecdsa|sk)-\S+\s+AAAA/.test(text)) return 'SSH key'
  if (text.startsWith('{')) return jsonContent(text)
  if (looksLikeToken(text)) return 'token'
  const decoded = /^[A-Za-z0-9+/_=\s-]+$/.test(text) ? Buffer.from(text, 'base64') : undefined
  if (decoded?.includes('-----BEGIN')) return pemContent(decoded.toString('utf8'))
  return derContent(bytes) ?? (decoded === undefined ? undefined : derContent(decoded)) ?? 'unknown'
}

function pemContent(pem: string): KeyContent {
  return pem.includes('PRIVATE KEY-----') ? 'private PEM' : 'public PEM'
}

/** The same as a PEM, without the lines around it. */
function derContent(der: Buffer): KeyContent | undefined {
  // Both kinds are a sequence (ITU-T X.690 section 8.9). No parser is asked for anything else.
  if (der[0] !== 0x30) return undefined
  const read = [
    ['public PEM', () => createPublicKey({ key: der, format: 'der', type: 'spki' })],
    ['private PEM', () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })],
  ] as const
  for (const [content, parse] of read) {
    try {
      parse()
      return content
    } catch {
      // The next kind, or none.
    }
  }
  return undefined
}

function jsonContent(text: string): KeyContent {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'unknown'
  }
  const set = memberOf(value, 'keys')
  const jwks: readonly unknown[] = Array.isArray(set) ? set : [value]
  const types = jwks.map((jwk) => memberOf(jwk, 'kty'))
  if (types.length === 0 || types.some((type) => typeof type !== 'string')) return 'unknown'
  if (types.includes('oct')) return 'secret JWK'
  const isPrivate = jwks.some((jwk) => memberOf(jwk, 'd') !== undefined)
  return isPrivate ? 'private JWK' : 'public JWK'
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** What each flag is not for. What is not listed is read, and core has the last word. */
const misplaced: Readonly<Record<KeyOrigin['flag'], readonly KeyContent[]>> = {
  '--jwks': ['public PEM', 'private PEM', 'private JWK', 'secret JWK', 'SSH key', 'token'],
  '--key': ['private PEM', 'private JWK', 'secret JWK', 'SSH key', 'token'],
  '--secret-file': ['public PEM', 'private PEM', 'public JWK', 'private JWK', 'SSH key'],
}

const asked: Readonly<Record<KeyOrigin['flag'], string>> = {
  '--jwks': 'no JWK Set',
  '--key': 'no public key',
  '--secret-file': 'no secret',
}

/**
 * Everybody has a public key. Whoever takes one for a secret takes tokens from everybody.
 *
 * @throws {CliFailure} `key_unsuitable` when the file belongs to another flag
 */
export function refuseMisplaced(flag: KeyOrigin['flag'], path: string, bytes: Buffer): void {
  const content = contentOf(bytes)
  if (misplaced[flag].includes(content)) throw refusal(flag, path, content)
}

function refusal(flag: KeyOrigin['flag'], path: string, content: KeyContent): CliFailure {
  const message = `${quote(path)} holds ${nouns[content]}, which is ${asked[flag]}.`
  return undecided('key_unsuitable', message, ...hints(content, typeableName(path)))
}

const nouns: Readonly<Record<KeyContent, string>> = {
  'public PEM': 'a PEM key',
  'private PEM': 'a private PEM key',
  'public JWK': 'a public JWK',
  'private JWK': 'a private JWK',
  'secret JWK': 'a secret',
  'SSH key': 'an SSH key',
  token: 'a token',
  unknown: 'something else',
}

function hints(content: KeyContent, name: string): readonly string[] {
  switch (content) {
    case 'public PEM':
      return [`A public key goes to --key ${name}`]
    case 'public JWK':
      return [`A JWK Set goes to --jwks ${name}`]
    case 'private PEM':
    case 'private JWK':
      return [
        `tenantry jwks print --key ${name} > jwks.json`,
        'prints its public half, for --jwks.',
      ]
    case 'secret JWK':
      return [`A secret goes to --secret-file ${name}`]
    case 'SSH key':
      return [`ssh-keygen -e -m PKCS8 -f ${name} > public.pem`, 'makes a PEM of it, for --key.']
    case 'token':
      return [`A token goes to --token-file ${name}`]
    case 'unknown':
      return []
  }
}
