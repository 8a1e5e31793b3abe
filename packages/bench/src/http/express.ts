/** The contenders for Express: the same application and handler, and one guard each. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createPublicKey } from 'node:crypto'
import { createGuard } from '@tenantry/express'
import express, { type Express, type RequestHandler } from 'express'
import { expressjwt } from 'express-jwt'
import { auth } from 'express-oauth2-jwt-bearer'
import { awsJwtVerify } from '../peers/aws-jwt-verify.ts'
import { fastJwt } from '../peers/fast-jwt.ts'
import { joseKey } from '../peers/jose.ts'
import { jsonWebToken } from '../peers/jsonwebtoken.ts'
import { holdsRole, type Verify } from '../peers/peer.ts'
import { tenantryVerifier } from '../peers/tenantry.ts'
import { type Material, role } from '../tokens/material.ts'
import { bearerOf } from './bearer.ts'
import { cacheSize } from './job.ts'

type MakeGuards = (material: Material) => readonly RequestHandler[] | Promise<RequestHandler[]>

/** By name in the table. */
const guards: Readonly<Record<string, MakeGuards>> = {
  bare: () => [],
  'bare, in a context': () => {
    const context = new AsyncLocalStorage<object>()
    return [(request, _response, next) => context.run(request, next)]
  },
  tenantry: (material) => {
    const verifier = tenantryVerifier(material, { cache: cacheSize })
    return [createGuard({ verifier }).requireRole(role)]
  },
  'tenantry, no cache': (material) => {
    return [createGuard({ verifier: tenantryVerifier(material) }).requireRole(role)]
  },
  'fast-jwt, cache': (material) => [byHand(fastJwt(material, { cache: cacheSize }))],
  'fast-jwt': (material) => [byHand(fastJwt(material))],
  jsonwebtoken: (material) => [byHand(jsonWebToken(material))],
  'aws-jwt-verify': (material) => [byHand(awsJwtVerify(material))],
  jose: async (material) => [byHandLater(await joseKey(material))],
  'express-jwt': ({ pem, issuer }) => [
    // A KeyObject, as with jsonwebtoken, which it is made of.
    expressjwt({ secret: createPublicKey(pem), algorithms: ['RS256'], issuer }),
    requireRole((request) => Reflect.get(request, 'auth')),
  ],
  'express-oauth2-jwt-bearer': ({ jwk, issuer }) => [
    auth({
      issuer,
      publicKey: { keys: [jwk] },
      tokenSigningAlg: 'RS256',
      // It asks for an audience; Userfront's tokens have none.
      audience: 'none',
      validators: { aud: false },
    }),
    requireRole((request) => Reflect.get(Object(Reflect.get(request, 'auth')), 'payload')),
  ],
}

export async function expressApp(contender: string, material: Material): Promise<Express> {
  const make = guards[contender]
  if (make === undefined) throw new Error(`There is no ${contender} for Express here.`)
  const app = express()
  app.get('/tenants/:tenantId/widgets', ...(await make(material)), (request, response) => {
    response.json({ tenant: request.params['tenantId'], widgets: 3 })
  })
  const answerErrors: express.ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ error: error.code })
  }
  app.use(answerErrors)
  return app
}

/** The usual lines around a library that answers at once. */
function byHand(verify: Verify): RequestHandler {
  return (request, response, next) => {
    try {
      const claims = verify(bearerOf(request.headers.authorization))
      if (holdsRole(claims, String(request.params['tenantId']), role)) next()
      else response.status(403).json({ error: 'forbidden' })
    } catch {
      response.status(401).json({ error: 'unauthorized' })
    }
  }
}

/** The same around jose, which answers with a promise. */
function byHandLater(verify: Verify): RequestHandler {
  return async (request, response, next) => {
    try {
      // What jwtVerify answers with.
      const verified = await verify(bearerOf(request.headers.authorization))
      const { payload } = verified as { payload: unknown }
      if (holdsRole(payload, String(request.params['tenantId']), role)) next()
      else response.status(403).json({ error: 'forbidden' })
    } catch {
      response.status(401).json({ error: 'unauthorized' })
    }
  }
}

/** Behind a middleware that has put the claims on the request. */
function requireRole(claimsOf: (request: express.Request) => unknown): RequestHandler {
  return (request, response, next) => {
    if (holdsRole(claimsOf(request), String(request.params['tenantId']), role)) next()
    else response.status(403).json({ error: 'forbidden' })
  }
}
