/** Verifying without a cache, by algorithm: the libraries side by side. */
import type { Bench, Target } from '../bench.ts'
import { operations } from '../operations/contenders.ts'
import type { MintedAlgorithm } from '../tokens/material.ts'
import { materialFor } from '../tokens/mint.ts'

const ours = ['tenantry verify', 'tenantry verifySync'] as const
const peers = ['fast-jwt', 'jsonwebtoken', 'aws-jwt-verify', 'jose, one key', 'jose, local JWKS']

function verifyWith(algorithm: MintedAlgorithm, maxRatio: number): Bench {
  const able = peers.filter((name) => name !== 'jsonwebtoken' || algorithm !== 'EdDSA')
  return {
    name: `verify-${algorithm.toLowerCase()}`,
    question: `How long does it take to verify a token with ${algorithm}, without a cache?`,
    yardstick: 'crypto.verify',
    targets: ours.flatMap((contender): readonly Target[] => [
      { contender, maxRatio },
      { contender, aheadOf: able },
    ]),
    rounds: { full: 21, quick: 5 },
    async prepare(pace) {
      const material = await materialFor({ algorithm, count: 64 })
      const names = ['crypto.verify', ...ours, ...able]
      return operations(
        names.map((name) => ({ name, set: 'verify', operation: name, material })),
        pace,
      )
    },
  }
}

export const verifyRs256: Bench = verifyWith('RS256', 1.2)
export const verifyEs256: Bench = verifyWith('ES256', 1.1)
export const verifyEdDsa: Bench = verifyWith('EdDSA', 1.1)
