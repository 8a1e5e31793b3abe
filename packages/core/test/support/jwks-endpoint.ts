/** An issuer whose keys are served by an endpoint that can fail, and verifiers that ask it. */
import { createTestIssuer, type TestIssuer } from '@tenantry/testing'
import { onTestFinished } from 'vitest'
import { createVerifier, type Verifier, type VerifierOptions } from '../../src/index.ts'
import { type FaultyJwksServer, serveFaultyJwks } from './faulty-jwks-server.ts'

export interface JwksEndpoint {
  readonly issuer: TestIssuer
  readonly server: FaultyJwksServer
  /** A verifier of the issuer's tokens, closed when the test is over. */
  verifier(options?: Partial<VerifierOptions>): Verifier
  /** Gives the issuer a new key and publishes it, with the old one or without. */
  rotate(options?: { readonly keep?: boolean }): Promise<void>
}

/** Starts an endpoint that is closed when the test is over. */
export async function startJwksEndpoint(elsewhere?: string): Promise<JwksEndpoint> {
  const issuer = createTestIssuer({ algorithm: 'ES256' })
  const server = await serveFaultyJwks(issuer.keys, elsewhere)
  const verifiers: Verifier[] = []
  onTestFinished(async () => {
    for (const verifier of verifiers) verifier.close()
    await server.close()
  })
  return {
    issuer,
    server,
    verifier(options = {}) {
      const verifier = createVerifier({ keys: server.url, algorithms: ['ES256'], ...options })
      verifiers.push(verifier)
      return verifier
    },
    async rotate(options) {
      await issuer.rotate(options)
      server.document = issuer.keys
    },
  }
}
