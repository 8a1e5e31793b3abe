/** Tokens down to the byte: for what the testing kit, which makes well-formed ones, cannot say. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export const now = 1_800_000_000

/** Two halves of a key. */
interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export const rsa: KeyPair = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const otherRsa: KeyPair = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const ec: KeyPair = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** The options that go with tokens of this file. */
export const options: { readonly keys: KeyObject; readonly now: () => Date } = {
  keys: rsa.publicKey,
  now: () => new Date(now * 1000),
}

/** Claims that are all there. */
interface GoodClaims {
  readonly mode: string
  readonly tenantId: string
  readonly userId: number
  readonly sessionId: string
  readonly authorization: Readonly<Record<string, { readonly roles: string[] }>>
  readonly iat: number
  readonly exp: number
}

export const goodHeader = { alg: 'RS256', typ: 'JWT' }

export const goodClaims: GoodClaims = {
  mode: 'live',
  tenantId: 'demo1234',
  userId: 1,
  sessionId: '3ebd28c1-7e13-4b5c-a2e1-8873ee776005',
  authorization: { nz569yb7: { roles: ['admin'] }, a5h281k8: { roles: ['member'] } },
  iat: now - 60,
  exp: now + 3600,
}

/** A segment: JSON of a value, or the text or bytes as they are. */
export function segment(value: unknown): string {
  const bytes =
    value instanceof Uint8Array || typeof value === 'string' ? value : JSON.stringify(value)
  return Buffer.from(bytes).toString('base64url')
}

/** Signs a header and a payload, each a value, or raw JSON text, or bytes. RS256 unless said. */
export function mint(
  header: unknown,
  payload: unknown,
  key: KeyObject = rsa.privateKey,
  hash: string | null = 'sha256',
): string {
  return signText(`${segment(header)}.${segment(payload)}`, key, hash)
}

/** Signs segments that are written already. */
export function signText(
  text: string,
  key: KeyObject = rsa.privateKey,
  hash: string | null = 'sha256',
): string {
  const signature = sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

export function mintHmac(header: unknown, payload: unknown, secret: string | Uint8Array): string {
  const text = `${segment(header)}.${segment(payload)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** A good token with some claims replaced; undefined leaves one out. */
export function withClaims(claims: object): string {
  return mint(goodHeader, { ...goodClaims, ...claims })
}

/** A good token with some header members replaced; undefined leaves one out. */
export function withHeader(header: object): string {
  return mint({ ...goodHeader, ...header }, goodClaims)
}

/** The JSON text of the good claims with raw text in front of the first member. */
export function claimsText(raw: string): string {
  return `{${raw},${JSON.stringify(goodClaims).slice(1)}`
}
