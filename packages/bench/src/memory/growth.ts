/** What is in use while a great many tokens go through a verifier. */
import { createHmac, randomBytes } from 'node:crypto'
import { createVerifier } from '@tenantry/core'
import { claimsOf } from '../tokens/claims.ts'
import { quarters } from './job.ts'
import { usedBytes } from './used-bytes.ts'

/** So often within a quarter: the cache fills and drops a half of itself in between. */
const looks = 10

/**
 * The largest amount in use within each quarter, in bytes. Every token is another one, signed with
 * HS256, which is cheap to mint.
 */
export function growth(tokens: number): readonly number[] {
  const secret = randomBytes(32)
  const verifier = createVerifier({ keys: { secret }, algorithms: ['HS256'] })
  const header = encode({ alg: 'HS256', typ: 'JWT' })
  const claims = claimsOf(0, { tenants: 8, roles: 2 }, 86_400)
  const perLook = Math.floor(tokens / quarters / looks)
  let userId = 0

  function look(): number {
    for (let count = 0; count < perLook; count++) {
      const input = `${header}.${encode({ ...claims, userId: ++userId })}`
      const signature = createHmac('sha256', secret).update(input).digest('base64url')
      verifier.verifySync(`${input}.${signature}`)
    }
    return usedBytes()
  }

  return Array.from({ length: quarters }, () => Math.max(...Array.from({ length: looks }, look)))
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
