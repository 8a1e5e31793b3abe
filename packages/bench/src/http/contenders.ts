/** Contenders that are servers: each in a process of its own, and one more process that asks them. */
import type { Contender, Field, Pace } from '../bench.ts'
import { type Child, startChild, startEach } from '../child/start-child.ts'
import { materialFor } from '../tokens/mint.ts'
import {
  type Framework,
  type Group,
  type LoadAnswer,
  type LoadQuestion,
  poolSize,
  type ServerJob,
  type ServerReady,
} from './job.ts'
import type { LoadRequest } from './load.ts'

/** One contender: a server, what is sent to it, and what of the answer counts. */
export interface Entry {
  readonly name: string
  readonly framework: Framework
  readonly contender: string
  readonly groups: readonly Group[]
  /** The time of one request, or the 99th percentile of the first group. */
  readonly counts: 'time' | 'p99'
}

/** Starts and warms up all servers, and makes sure that each one does its work. */
export async function servers(entries: readonly Entry[], pace: Pace): Promise<Field> {
  const material = await materialFor({ algorithm: 'RS256', count: poolSize })
  const load = await startChild('load', { material })
  // Two entries may be two loads on one server.
  const jobs = new Map(entries.map((entry) => [keyOf(entry), jobOf(entry, material)]))
  const running = new Map(
    await startEach(
      [...jobs],
      async ([key, job]) => [key, await startChild('server', job)] as const,
    ),
  )
  const find = (entry: Entry): Child => {
    const server = running.get(keyOf(entry))
    if (server === undefined) throw new Error(`There is no server for ${entry.name}.`)
    return server
  }
  for (const entry of entries) {
    const port = portOf(find(entry))
    const isGuarded = !entry.contender.startsWith('bare')
    await load.ask({ check: { port, isGuarded } } satisfies LoadRequest)
    const milliseconds = pace.isQuick ? 150 : 1500
    await load.ask({ load: { port, milliseconds, groups: entry.groups } } satisfies LoadRequest)
  }
  return {
    contenders: entries.map((entry) => serverContender(entry, find(entry), load, pace)),
    close() {
      for (const server of running.values()) server.stop()
      load.stop()
    },
  }
}

function keyOf({ framework, contender }: Entry): string {
  return `${framework} ${contender}`
}

function jobOf({ framework, contender }: Entry, material: string): ServerJob {
  return { framework, contender, material }
}

function serverContender(
  { name, groups, counts }: Entry,
  server: Child,
  load: Child,
  { isQuick, clock }: Pace,
): Contender {
  const question: LoadQuestion = {
    port: portOf(server),
    milliseconds: isQuick ? 70 : 700,
    groups,
  }
  return {
    name,
    async sample() {
      const busyBefore = await busyTime(server)
      // See load.ts.
      const answer = (await load.ask({ load: question } satisfies LoadRequest)) as LoadAnswer
      if (counts === 'p99') return answer.groups[0]?.p99 ?? Number.NaN
      const requests = answer.groups.reduce((sum, group) => sum + group.requests, 0)
      const time = clock === 'wall' ? answer.time : (await busyTime(server)) - busyBefore
      return time / requests
    },
  }
}

/** See server.ts. */
async function busyTime(server: Child): Promise<number> {
  return (await server.ask('busy')) as number
}

function portOf({ ready }: Child): number {
  return (ready as ServerReady).port
}
