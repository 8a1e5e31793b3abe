/** Tokens that name many tenants. */
import type { Bench } from '../bench.ts'
import { operations } from '../operations/contenders.ts'
import { materialFor } from '../tokens/mint.ts'

const sizes = [1, 20, 200] as const
const ways = ['parse and signature', 'decode, parse and signature', 'tenantry'] as const

export const grow: Bench = {
  name: 'grow',
  question:
    'How does verifying without a cache grow with the token, next to JSON.parse and crypto.verify of the same?',
  yardstick: 'parse and signature, 1 tenant',
  targets: sizes.map((size) => ({
    contender: `tenantry, ${nameOf(size)}`,
    against: `parse and signature, ${nameOf(size)}`,
    maxRatio: 1.3,
  })),
  rounds: { full: 15, quick: 5 },
  async prepare(pace) {
    const entries = sizes.flatMap((tenants) =>
      ways.map(async (operation) => ({
        name: `${operation}, ${nameOf(tenants)}`,
        set: 'grow' as const,
        operation,
        material: await materialFor({ algorithm: 'RS256', count: 32, tenants }),
      })),
    )
    return operations(await Promise.all(entries), pace)
  },
}

function nameOf(size: number): string {
  return size === 1 ? '1 tenant' : `${size} tenants`
}
