/** Mints the tokens of a run, once for each kind, into files that vanish with the run. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { claimsOf, issuer, type Size } from './claims.ts'
import type { Material, MintedAlgorithm } from './material.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenantry-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Another thread signs while this one prepares the next token. */
const signLater = promisify(sign)
const day = 86_400
const minted = new Map<string, Promise<string>>()

/** What is minted. */
export interface Order extends Partial<Size> {
  readonly algorithm: MintedAlgorithm
  readonly count: number
}

/** With RS256 such a token is 1.1 KB long. */
const usual: Size = { tenants: 8, roles: 2 }

/** The path of a file with this material. The same order is minted once in a run. */
export function materialFor({ algorithm, count, ...size }: Order): Promise<string> {
  const { tenants, roles } = { ...usual, ...size }
  const name = `${algorithm}-${count}-${tenants}-${roles}.json`
  const known = minted.get(name)
  if (known !== undefined) return known
  const path = mint(algorithm, count, { tenants, roles }).then((material) => {
    writeFileSync(join(folder, name), JSON.stringify(material))
    return join(folder, name)
  })
  minted.set(name, path)
  return path
}

async function mint(algorithm: MintedAlgorithm, count: number, size: Size): Promise<Material> {
  const { publicKey, privateKey } = keyPair(algorithm)
  const stranger = keyPair(algorithm)
  const kid = 'key-of-the-benchmark'
  const header = encode({ alg: algorithm, typ: 'JWT', kid })
  const token = async (key: KeyObject, userId: number, expiresIn: number): Promise<string> => {
    const input = `${header}.${encode(claimsOf(userId, size, expiresIn))}`
    const hash = algorithm === 'EdDSA' ? null : 'sha256'
    const signature = await signLater(hash, Buffer.from(input), {
      key,
      dsaEncoding: 'ieee-p1363',
    })
    return `${input}.${signature.toString('base64url')}`
  }
  const users = Array.from({ length: count }, (_, index) => index + 1)
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' }
  return {
    algorithm,
    issuer,
    // A public key has text members only, and a kty.
    jwk: jwk as Material['jwk'],
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    tokens: await Promise.all(users.map((userId) => token(privateKey, userId, day))),
    forged: await token(stranger.privateKey, 1, day),
    expired: await token(privateKey, 1, -3600),
  }
}

function keyPair(algorithm: MintedAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return generateKeyPairSync('ed25519')
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
