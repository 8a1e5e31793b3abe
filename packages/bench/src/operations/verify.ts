/** Verifying without a cache: one library each. */
import type { MakeVerify, Verify } from '../peers/peer.ts'
import type { Material } from '../tokens/material.ts'
import { assertHonest } from './honest.ts'
import { type Operation, repeat, repeatAwaited } from './repeat.ts'

/** Each in a module of its own, so that a process loads one library only. */
const libraries: Readonly<Record<string, () => Promise<MakeVerify>>> = {
  'fast-jwt': async () => (await import('../peers/fast-jwt.ts')).fastJwt,
  jsonwebtoken: async () => (await import('../peers/jsonwebtoken.ts')).jsonWebToken,
  'jose, one key': async () => (await import('../peers/jose.ts')).joseKey,
  'jose, local JWKS': async () => (await import('../peers/jose.ts')).joseKeySet,
  'aws-jwt-verify': async () => (await import('../peers/aws-jwt-verify.ts')).awsJwtVerify,
  'tenantry verify': async () => {
    const { tenantryVerifier } = await import('../peers/tenantry.ts')
    return (material) => {
      const verifier = tenantryVerifier(material)
      return (jwt) => verifier.verify(jwt)
    }
  },
  'tenantry verifySync': async () => {
    const { tenantryVerifier } = await import('../peers/tenantry.ts')
    return (material) => {
      const verifier = tenantryVerifier(material)
      return (jwt) => verifier.verifySync(jwt)
    }
  },
}

export async function verifying(name: string, material: Material): Promise<Operation> {
  if (name === 'crypto.verify') return signatureAlone(material)
  const load = libraries[name]
  if (load === undefined) throw new Error(`There is no library ${name} here.`)
  const make = await load()
  return overTokens(await make(material), material)
}

/** Verifies the tokens one after the other, and waits where the library has something to wait for. */
export async function overTokens(verify: Verify, material: Material): Promise<Operation> {
  await assertHonest(verify, material)
  const { tokens } = material
  if (!(verify(tokens[0] ?? '') instanceof Promise))
    return repeat(tokens, (jwt) => isThere(verify(jwt)))
  // It has just answered with a promise.
  return repeatAwaited(tokens, verify as (jwt: string) => Promise<unknown>, isThere)
}

async function signatureAlone(material: Material): Promise<Operation> {
  const { signatureCheck, takeApart } = await import('../peers/limit.ts')
  return repeat(material.tokens.map(takeApart), signatureCheck(material))
}

function isThere(result: unknown): boolean {
  return typeof result === 'object' && result !== null
}
