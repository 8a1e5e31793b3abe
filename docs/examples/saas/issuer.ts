/**
 * Issues the access tokens of this application, and publishes the keys that they are verified with. It
 * is a part of this program for the example's sake; verifiers know nothing of it but its URL.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export const algorithm = 'ES256'

/** Seconds that a token lives. */
const lifetime = 15 * 60

/** Seconds after which every verifier has fetched the keys anew. */
const knownAfter = 10 * 60

interface SigningKey {
  readonly privateKey: CryptoKey
  /** The public half, with its name. */
  readonly jwk: JWK & { readonly kid: string }
}

/** Who the token is for, and what it may do in which tenant. */
export interface Grant {
  readonly userId: string
  readonly authorization: Readonly<Record<string, { readonly roles: readonly string[] }>>
}

export interface Issuer {
  readonly url: string
  readonly jwksUrl: string
  issue(grant: Grant): Promise<{ readonly accessToken: string; readonly expiresIn: number }>
  /**
   * Signs with the next key from now on. The last one is published until its tokens have expired. False,
   * and nothing happens, while the next key is so new that verifiers may not know it.
   */
  rotate(): Promise<boolean>
  close(): Promise<void>
}

export async function startIssuer(audience: string): Promise<Issuer> {
  let current = await newKey()
  // Published before it signs anything, so that verifiers know it when its first token comes.
  let next = await newKey()
  let nextIsKnownFrom = 0
  let retired: readonly { readonly jwk: JWK; readonly until: number }[] = []

  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/.well-known/jwks.json') {
      response.writeHead(404).end()
      return
    }
    const keys = [current.jwk, next.jwk, ...living().map(({ jwk }) => jwk)]
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const living = () => retired.filter(({ until }) => until > Date.now())

  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    async issue({ userId, authorization }) {
      const { jwk, privateKey } = current
      const accessToken = await new SignJWT({ userId, authorization })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: jwk.kid })
        .setSubject(userId)
        .setIssuer(url)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${lifetime} seconds`)
        .sign(privateKey)
      return { accessToken, expiresIn: lifetime }
    },
    async rotate() {
      const fresh = await newKey()
      if (Date.now() < nextIsKnownFrom) return false
      nextIsKnownFrom = Date.now() + knownAfter * 1000
      // A minute more than its last token lives, for clocks that go wrong.
      const until = Date.now() + (lifetime + 60) * 1000
      retired = [...living(), { jwk: current.jwk, until }]
      current = next
      next = fresh
      return true
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm)
  const jwk = await exportJWK(publicKey)
  return { privateKey, jwk: { ...jwk, kid: randomUUID(), alg: algorithm, use: 'sig' } }
}
