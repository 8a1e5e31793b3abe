/**
 * Verifying a token that was verified before. A server gets each request's token as a new string,
 * so everybody here makes one for each call, and one contender does nothing else.
 */
import { fastJwt } from '../peers/fast-jwt.ts'
import { tenantryVerifier } from '../peers/tenantry.ts'
import type { Material } from '../tokens/material.ts'
import { assertHonest } from './honest.ts'
import { type Operation, repeat, repeatAwaited } from './repeat.ts'

const cache = 1000

export async function cachedHit(name: string, material: Material): Promise<Operation> {
  const bytes = material.tokens.map((jwt) => Buffer.from(jwt))
  if (name === 'the string alone') return repeat(bytes, (jwt) => jwt.toString('latin1').length > 0)
  if (name === 'fast-jwt, cache') {
    const verify = fastJwt(material, { cache })
    await assertHonest(verify, material)
    return repeat(bytes, (jwt) => verify(jwt.toString('latin1')) !== undefined)
  }
  const verifier = tenantryVerifier(material, { cache })
  await assertHonest((jwt) => verifier.verifySync(jwt), material)
  if (name === 'tenantry verifySync') {
    return repeat(bytes, (jwt) => verifier.verifySync(jwt.toString('latin1')) !== undefined)
  }
  if (name !== 'tenantry verify') throw new Error(`There is no ${name} here.`)
  return repeatAwaited(
    bytes,
    (jwt) => verifier.verify(jwt.toString('latin1')),
    (token) => token !== undefined,
  )
}
