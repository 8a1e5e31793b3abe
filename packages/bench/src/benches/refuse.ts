/** Garbage: what everybody can send, without any key. */
import type { Bench } from '../bench.ts'
import { operations } from '../operations/contenders.ts'
import { garbageCodes } from '../tokens/garbage.ts'
import { materialFor } from '../tokens/mint.ts'

const kinds = Object.keys(garbageCodes)

export const refuse: Bench = {
  name: 'refuse',
  question: 'How long does it take to refuse garbage, by verifySync, and by verify awaited?',
  yardstick: 'a good token',
  targets: kinds.flatMap((kind) => [
    { contender: kind, minSpeed: 5 },
    { contender: `${kind}, awaited`, against: 'a good token, awaited', minSpeed: 5 },
  ]),
  rounds: { full: 15, quick: 3 },
  async prepare(pace) {
    const material = await materialFor({ algorithm: 'RS256', count: 64 })
    const all = ['a good token', ...kinds]
    const names = [...all, ...all.map((name) => `${name}, awaited`)]
    return operations(
      names.map((name) => ({ name, set: 'refuse', operation: name, material })),
      pace,
    )
  },
}
