/** Good requests next to a flood of garbage. */
import type { Bench } from '../bench.ts'
import { type Entry, servers } from '../http/contenders.ts'
import type { Framework } from '../http/job.ts'

const frameworks: readonly Framework[] = ['express', 'fastify']

/**
 * 16 connections send good requests, and their 99th percentile counts. 16 more send as fast as they
 * are answered: good requests as well, or garbage. So the load is the same, and what is compared is
 * garbage with good requests in its place.
 */
export const flood: Bench = {
  name: 'flood',
  question:
    'Within what time are 99 of 100 good requests of 16 connections answered, next to 16 connections with good requests or with garbage?',
  yardstick: 'express, next to good requests',
  targets: frameworks.map((framework) => ({
    contender: `${framework}, next to garbage`,
    against: `${framework}, next to good requests`,
    maxRatio: 1.5,
  })),
  rounds: { full: 11, quick: 3 },
  prepare(pace) {
    const entries = frameworks.flatMap((framework) =>
      (['same', 'garbage'] as const).map(
        (kind): Entry => ({
          name: `${framework}, next to ${kind === 'same' ? 'good requests' : 'garbage'}`,
          framework,
          contender: 'tenantry',
          groups: [
            { connections: 16, kind: 'same' },
            { connections: 16, kind },
          ],
          counts: 'p99',
        }),
      ),
    )
    return servers(entries, pace)
  },
}
