/** Tokens, keys and files for a test, in a folder that goes away with it. */
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestIssuer, type TestIssuer } from '@tenantry/testing'
import { afterAll } from 'vitest'

export const authorization: Readonly<Record<string, { readonly roles: readonly string[] }>> = {
  acme: { roles: ['admin', 'member'] },
  globex: { roles: ['editor', 'member'] },
  initech: { roles: [] },
}

export interface TokenFiles {
  readonly issuer: TestIssuer
  /** A file with the issuer's JWK Set. */
  readonly jwks: string
  /** The same key as a PEM. */
  readonly pem: string
  /** Writes a file and answers with its path. */
  write(name: string, content: string | Uint8Array): string
  /** A good token with the grants above. */
  good(claims?: Readonly<Record<string, unknown>>): Promise<string>
}

/** Makes an issuer and a folder for the tests of one file. */
export function tokenFiles(): TokenFiles {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const issuer = createTestIssuer()
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const keys = 'keys' in issuer.keys ? issuer.keys.keys : []
  const jwk: JsonWebKey = JSON.parse(JSON.stringify(keys[0]))
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return {
    issuer,
    jwks: write('jwks.json', JSON.stringify(issuer.keys)),
    pem: write('public.pem', key.export({ type: 'spki', format: 'pem' }).toString()),
    write,
    good: (claims = {}) => issuer.token({ userId: 7, authorization, ...claims }),
  }
}

/** A compact token with a signature that nobody made. */
export function compact(header: unknown, payload: unknown): string {
  const encode = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  return `${encode(header)}.${encode(payload)}.AAAA`
}
