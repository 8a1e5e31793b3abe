/** Contenders that are servers: each in a process of its own, and one more process that asks them. */
import type { Contender, Field, Pace } from '../bench.ts'
import { type Child, startChild } from '../child/start-child.ts'
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

/** Starts all servers, and makes sure that each one does its work. */
export async function servers(entries: readonly Entry[], pace: Pace): Promise<Field> {
  const material = await materialFor({ algorithm: 'RS256', count: poolSize })
  const load = await startChild('load', { material })
  const running = new Map<string, Promise<Child>>()
  const contenders: Contender[] = []
  for (const entry of entries) {
    const { framework, contender } = entry
    const job: ServerJob = { framework, contender, material }
    const key = `${framework} ${contender}`
    // Two entries may be two loads on one server.
    const known = running.get(key)
    const server = known ?? startServer(job, load)
    running.set(key, server)
    contenders.push(serverContender(entry, await server, load, pace))
  }
  return {
    contenders,
    async close() {
      for (const server of running.values()) (await server).stop()
      load.stop()
    },
  }
}

async function startServer(job: ServerJob, load: Child): Promise<Child> {
  const server = await startChild('server', job)
  await load.ask({
    check: { port: portOf(server), isGuarded: job.contender !== 'bare' },
  } satisfies LoadRequest)
  return server
}

function serverContender(
  { name, groups, counts }: Entry,
  server: Child,
  load: Child,
  { isQuick, clock }: Pace,
): Contender {
  const question: LoadQuestion = {
    port: portOf(server),
    milliseconds: isQuick ? 150 : 1000,
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
