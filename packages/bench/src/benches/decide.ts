/** `can`, and what a long token does to it. */
import type { Bench, Target } from '../bench.ts'
import { operations } from '../operations/contenders.ts'
import { materialFor } from '../tokens/mint.ts'

/** The names of the tokens, and what they say. */
const tokens = {
  '1 tenant': { tenants: 1 },
  '100 tenants': { tenants: 100 },
  '10,000 tenants': { tenants: 10_000 },
  '10,000 roles': { tenants: 1, roles: 10_000 },
} as const
const smallest = '1 tenant'
const answers = ['yes', 'no'] as const
const fiftyNanoseconds = 5e-5

export const decide: Bench = {
  name: 'decide',
  question: 'How long does can() take, by what the token says and by the answer?',
  yardstick: `yes, ${smallest}`,
  targets: answers.flatMap((answer) =>
    Object.keys(tokens).flatMap((token): readonly Target[] => {
      const contender = `${answer}, ${token}`
      const short: Target = { contender, maxMedian: fiftyNanoseconds }
      const grown: Target = { contender, against: `${answer}, ${smallest}`, maxRatio: 1.2 }
      return token === smallest ? [short] : [short, grown]
    }),
  ),
  rounds: { full: 21, quick: 5 },
  async prepare(pace) {
    const entries = Object.entries(tokens).flatMap(([token, size]) =>
      answers.map(async (operation) => ({
        name: `${operation}, ${token}`,
        set: 'decide' as const,
        operation,
        material: await materialFor({ algorithm: 'EdDSA', count: 1, ...size }),
      })),
    )
    return operations(await Promise.all(entries), pace)
  },
}
