/** Guards on a real server: one token per user again and again, and every token new. */
import { aheadOf, type Bench, type Target } from '../bench.ts'
import { type Entry, servers } from '../http/contenders.ts'
import type { Framework, Group } from '../http/job.ts'

const rounds = { full: 9, quick: 3 }

function guardBench(
  framework: Framework,
  kind: 'same' | 'new',
  peers: readonly string[],
  targets: readonly Target[],
): Bench {
  const groups: readonly Group[] = [{ connections: 32, kind }]
  const what = kind === 'same' ? 'tokens that come again' : 'every token new'
  return {
    name: `${framework}-${kind}`,
    question: `How many requests does ${framework} answer behind a guard, over 32 connections, with ${what}?`,
    yardstick: 'bare',
    targets: [...targets, ...aheadOf('tenantry', peers)],
    unit: 'requests',
    rounds,
    prepare(pace) {
      const entries = ['bare', 'tenantry', ...peers].map(
        (contender): Entry => ({ name: contender, framework, contender, groups, counts: 'time' }),
      )
      return servers(entries, pace)
    },
  }
}

const expressPeers = [
  'jsonwebtoken',
  'aws-jwt-verify',
  'jose',
  'express-jwt',
  'express-oauth2-jwt-bearer',
]

export const expressSame: Bench = guardBench(
  'express',
  'same',
  ['fast-jwt, cache', ...expressPeers],
  [{ contender: 'tenantry', minSpeed: 0.9 }],
)

export const expressNew: Bench = guardBench(
  'express',
  'new',
  ['fast-jwt, cache', 'fast-jwt', ...expressPeers],
  [],
)

export const fastifySame: Bench = guardBench(
  'fastify',
  'same',
  ['@fastify/jwt, cache', 'fast-jwt, cache'],
  [
    { contender: 'tenantry', minSpeed: 0.85 },
    { contender: 'tenantry', against: '@fastify/jwt, cache', minSpeed: 1.3 },
  ],
)

export const fastifyNew: Bench = guardBench(
  'fastify',
  'new',
  ['@fastify/jwt, cache', '@fastify/jwt', 'fast-jwt, cache', 'fast-jwt'],
  [],
)
