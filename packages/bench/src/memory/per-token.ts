/** What a token costs that is kept: its string, what was read from it, and its place in the cache. */
import { can } from '@tenantry/core'
import { fastJwt } from '../peers/fast-jwt.ts'
import type { Verify } from '../peers/peer.ts'
import { tenantryVerifier } from '../peers/tenantry.ts'
import { type Material, readMaterial, role, tenantId } from '../tokens/material.ts'
import type { MemoryContender } from './job.ts'
import { usedBytes } from './used-bytes.ts'

/** The default of Tenantry, and more than there are tokens. */
const cache = 10_000

export function bytesPerToken(contender: MemoryContender, path: string): number {
  const { tokens, ...keys } = readMaterial(path)
  const bytes = tokens.map((jwt) => Buffer.from(jwt))
  const material = { ...keys, tokens: [] }
  const kept: unknown[] = bytes.map(() => undefined)
  // Code that is compiled on the way is no memory of a token.
  fill(verifyOf(contender, material), bytes.slice(0, 500), kept)
  kept.fill(undefined)
  const verify = verifyOf(contender, material)
  const before = usedBytes()
  fill(verify, bytes, kept)
  const after = usedBytes()
  // What is in the cache comes back as the same object.
  if (bytes.some((jwt, index) => verify(jwt.toString('latin1')) !== kept[index])) {
    throw new Error(`${contender} does not keep all tokens.`)
  }
  return (after - before) / bytes.length
}

/** The strings are made as a server makes them, and belong to nobody but the cache. */
function fill(verify: Verify, bytes: readonly Buffer[], kept: unknown[]): void {
  for (const [index, jwt] of bytes.entries()) kept[index] = verify(jwt.toString('latin1'))
}

function verifyOf(contender: MemoryContender, material: Material): Verify {
  if (contender === 'fast-jwt, cache') return fastJwt(material, { cache })
  const verifier = tenantryVerifier(material, { cache })
  if (contender === 'tenantry') return (jwt) => verifier.verifySync(jwt)
  return (jwt) => {
    const token = verifier.verifySync(jwt)
    if (!can(token, tenantId, role)) throw new Error('The token does not say what it should.')
    return token
  }
}
