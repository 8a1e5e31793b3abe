/** The contenders for Fastify: the same application and handler, and one guard each. */
import { AsyncLocalStorage } from 'node:async_hooks'
import fastifyJwt from '@fastify/jwt'
import { tenantry } from '@tenantry/fastify'
import Fastify, { type FastifyInstance, type preHandlerAsyncHookHandler } from 'fastify'
import { fastJwt } from '../peers/fast-jwt.ts'
import { holdsRole } from '../peers/peer.ts'
import { tenantryVerifier } from '../peers/tenantry.ts'
import { type Material, role } from '../tokens/material.ts'
import { bearerOf } from './bearer.ts'
import { cacheSize } from './job.ts'

const path = '/tenants/:tenantId/widgets'

interface Route {
  Params: { tenantId: string }
}

/** By name in the table. */
const apps: Readonly<Record<string, (material: Material) => Promise<FastifyInstance>>> = {
  async bare() {
    const app = Fastify()
    app.get<Route>(path, ({ params }, reply) => reply.send(widgetsOf(params)))
    return app
  },
  async 'bare, in a context'() {
    const app = Fastify()
    const context = new AsyncLocalStorage<object>()
    app.get<Route>(
      path,
      { preHandler: (request, _reply, done) => context.run(request, done) },
      ({ params }, reply) => reply.send(widgetsOf(params)),
    )
    return app
  },
  tenantry: (material) => withTenantry(material, cacheSize),
  'tenantry, no cache': (material) => withTenantry(material, undefined),
  '@fastify/jwt, cache': (material) => withFastifyJwt(material, cacheSize),
  '@fastify/jwt': (material) => withFastifyJwt(material, undefined),
  async 'fast-jwt, cache'(material) {
    return withFastJwt(material, cacheSize)
  },
  async 'fast-jwt'(material) {
    return withFastJwt(material, undefined)
  },
}

export async function fastifyApp(contender: string, material: Material): Promise<FastifyInstance> {
  const make = apps[contender]
  if (make === undefined) throw new Error(`There is no ${contender} for Fastify here.`)
  return make(material)
}

async function withTenantry(
  material: Material,
  cache: number | undefined,
): Promise<FastifyInstance> {
  const app = Fastify()
  const verifier = tenantryVerifier(material, cache === undefined ? {} : { cache })
  await app.register(tenantry, { verifier })
  app.get<Route>(path, { preHandler: app.requireRole(role) }, ({ params }, reply) =>
    reply.send(widgetsOf(params)),
  )
  return app
}

/** As its documentation has it: the promise of `jwtVerify`, which keeps one verifier and its cache. */
async function withFastifyJwt(
  { pem, issuer }: Material,
  cache: number | undefined,
): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(fastifyJwt, {
    secret: { public: pem },
    verify: { algorithms: ['RS256'], allowedIss: issuer, cache: cache ?? false },
  })
  const guard: preHandlerAsyncHookHandler = async (request, reply) => {
    const claims = await request.jwtVerify()
    if (!holdsRole(claims, tenantOf(request.params), role)) {
      return reply.code(403).send({ error: 'forbidden' })
    }
  }
  app.get<Route>(path, { preHandler: guard }, ({ params }, reply) => reply.send(widgetsOf(params)))
  return app
}

/** The usual lines around the library, without a promise. */
function withFastJwt(material: Material, cache: number | undefined): FastifyInstance {
  const app = Fastify()
  const verify = fastJwt(material, cache === undefined ? {} : { cache })
  app.get<Route>(
    path,
    {
      preHandler(request, reply, done) {
        let claims: unknown
        try {
          claims = verify(bearerOf(request.headers.authorization))
        } catch {
          reply.code(401).send({ error: 'unauthorized' })
          return
        }
        if (holdsRole(claims, request.params.tenantId, role)) done()
        else reply.code(403).send({ error: 'forbidden' })
      },
    },
    ({ params }, reply) => reply.send(widgetsOf(params)),
  )
  return app
}

function widgetsOf({ tenantId }: Route['Params']): object {
  return { tenant: tenantId, widgets: 3 }
}

function tenantOf(params: unknown): string {
  // The route has it.
  return (params as Route['Params']).tenantId
}
