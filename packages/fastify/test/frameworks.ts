/** Both Fastify versions, an application that listens, and what a client sees of it. */
import { createVerifier, type Verifier } from '@tenantry/core'
import { createTestIssuer, type TestIssuer } from '@tenantry/testing'
import fastify5, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
} from 'fastify'
import fastify4 from 'fastify4'
import { onTestFinished } from 'vitest'
import { type TenantryOptions, tenantry } from '../src/index.ts'

type Framework = (options?: FastifyServerOptions) => FastifyInstance

/** Their types are two, and alike in what the tests use. */
export const frameworks: readonly (readonly [string, Framework])[] = [
  ['Fastify 5', (options) => fastify5(options)],
  ['Fastify 4', fastify4 as unknown as Framework],
]

export const issuer: TestIssuer = createTestIssuer()

/** A verifier of the issuer's tokens that counts. */
export function createCountingVerifier(): Verifier & { readonly verified: number } {
  const verifier = createVerifier({ keys: issuer.keys, cache: false })
  let verified = 0
  return {
    ...verifier,
    get roles() {
      return verifier.roles
    },
    get verified() {
      return verified
    },
    verify(jwt) {
      verified++
      return verifier.verify(jwt)
    },
  }
}

export const verifier: Verifier = createVerifier({ keys: issuer.keys })

/** An application with the plugin; it is closed when the test is over. */
export async function createApp(
  framework: Framework,
  options: Partial<TenantryOptions> = {},
  server: FastifyServerOptions = {},
): Promise<FastifyInstance> {
  const app = framework({ forceCloseConnections: true, ...server })
  onTestFinished(() => app.close())
  await app.register(tenantry, { verifier, ...options })
  return app
}

/** Starts to listen on loopback. */
export async function listen(app: FastifyInstance): Promise<string> {
  return await app.listen({ port: 0, host: '127.0.0.1' })
}

/** A token with these roles by tenant. */
export async function tokenFor(
  authorization: Readonly<Record<string, readonly string[]>>,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const entries = Object.entries(authorization).map(([tenant, roles]) => [tenant, { roles }])
  return await issuer.token({ authorization: Object.fromEntries(entries), ...claims })
}

/** A request with a Bearer token. */
export async function get(url: string, token?: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  return await fetch(url, { ...init, headers })
}

/** The status and the code of a refusal. */
export async function refusal(response: Response): Promise<string> {
  const problem: unknown = await response.json()
  return `${response.status} ${Reflect.get(Object(problem), 'code')}`
}

/** An encapsulated plugin. */
export async function inside(
  app: FastifyInstance,
  plugin: FastifyPluginAsync,
  prefix = '',
): Promise<void> {
  await app.register(plugin, { prefix })
}
