/** Guards on a real server: the same tokens again and again, and every token new. */
import type { Bench, Target } from '../bench.ts'
import { type Entry, servers } from '../http/contenders.ts'
import type { Framework, Kind } from '../http/job.ts'

/** Who guards a framework, with tokens that come again and with new ones. */
interface Guards {
  readonly framework: Framework
  readonly same: readonly string[]
  readonly new: readonly string[]
  readonly targets: readonly Target[]
}

function guardBench({ framework, targets, ...peers }: Guards): Bench {
  const entry = (contender: string, kind: Kind): Entry => ({
    name: kind === 'new' ? renewed(contender) : contender,
    framework,
    contender,
    groups: [{ connections: 32, kind }],
    counts: 'time',
  })
  return {
    name: framework,
    question:
      `How many requests does ${framework} answer behind a guard, over 32 connections, ` +
      'with tokens that come again and with new ones?',
    yardstick: 'bare',
    targets: [
      ...targets,
      { contender: 'tenantry', aheadOf: peers.same },
      { contender: renewed('tenantry'), aheadOf: peers.new.map(renewed) },
    ],
    unit: 'requests',
    rounds: { full: 9, quick: 3 },
    prepare(pace) {
      const same = ['bare', 'bare, in a context', 'tenantry', ...peers.same].map((name) =>
        entry(name, 'same'),
      )
      const renewals = ['tenantry', 'tenantry, no cache', ...peers.new].map((name) =>
        entry(name, 'new'),
      )
      return servers([...same, ...renewals], pace)
    },
  }
}

function renewed(contender: string): string {
  return `${contender}: new tokens`
}

const withoutCache = [
  'jsonwebtoken',
  'aws-jwt-verify',
  'jose',
  'express-jwt',
  'express-oauth2-jwt-bearer',
]

export const express: Bench = guardBench({
  framework: 'express',
  same: ['fast-jwt, cache', ...withoutCache],
  new: ['fast-jwt, cache', 'fast-jwt', ...withoutCache],
  targets: [{ contender: 'tenantry', minSpeed: 0.9 }],
})

export const fastify: Bench = guardBench({
  framework: 'fastify',
  same: ['@fastify/jwt, cache', 'fast-jwt, cache'],
  new: ['@fastify/jwt, cache', '@fastify/jwt', 'fast-jwt, cache', 'fast-jwt'],
  targets: [
    { contender: 'tenantry', minSpeed: 0.85 },
    { contender: 'tenantry', against: '@fastify/jwt, cache', minSpeed: 1.3 },
  ],
})
