/** A token that was verified before. */
import type { Bench } from '../bench.ts'
import { operations } from '../operations/contenders.ts'
import { materialFor } from '../tokens/mint.ts'

const names = ['fast-jwt, cache', 'tenantry verifySync', 'tenantry verify', 'the string alone']

export const cached: Bench = {
  name: 'cached',
  question:
    'How long does it take to verify a token that is in the cache, with its string made anew?',
  yardstick: 'fast-jwt, cache',
  targets: [
    { contender: 'tenantry verifySync', minSpeed: 6 },
    { contender: 'tenantry verify', minSpeed: 6 },
  ],
  rounds: { full: 21, quick: 5 },
  async prepare(pace) {
    const material = await materialFor({ algorithm: 'RS256', count: 64 })
    return operations(
      names.map((name) => ({ name, set: 'cached', operation: name, material })),
      pace,
    )
  },
}
