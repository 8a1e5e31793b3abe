/** The program that is the load generator: connections that send one request after the other. */
import { answerParent } from '../child/child.ts'
import { type Material, pick, readMaterial, strangeTenantId } from '../tokens/material.ts'
import { type Connection, openConnection } from './connection.ts'
import type { Kind, LoadAnswer, LoadQuestion } from './job.ts'
import { requestFor, requestsOf } from './requests.ts'

/** What it is asked: to look whether a server does its work, or to measure it. */
export type LoadRequest =
  | { readonly check: { readonly port: number; readonly isGuarded: boolean } }
  | { readonly load: LoadQuestion }

const expected: Readonly<Record<Kind, number>> = { same: 200, new: 200, garbage: 401 }

await answerParent(async ({ material: path }: { material: string }) => {
  const material = readMaterial(path)
  const requests = requestsOf(material)
  /**
   * How many requests each server has got of each kind. It goes on where the last sample of the same
   * server has stopped, so that a token comes again after all others only.
   */
  const sent = new Map<string, number>()
  function take(port: number, kind: Kind): Buffer {
    const key = `${port} ${kind}`
    const count = sent.get(key) ?? 0
    sent.set(key, count + 1)
    return pick(requests[kind], count)
  }
  return {
    answer: (request: LoadRequest) =>
      'check' in request
        ? check(request.check.port, request.check.isGuarded, material)
        : run(request.load, (kind) => take(request.load.port, kind)),
  }
})

/** A guard has to let the good one through, and nobody else. */
async function check(port: number, isGuarded: boolean, material: Material): Promise<undefined> {
  const good = material.tokens[0]
  const cases: readonly (readonly [string, Buffer, number])[] = [
    ['a good token', requestFor(good), 200],
    ['no token', requestFor(undefined), 401],
    ['a forged token', requestFor(material.forged), 401],
    ['an expired token', requestFor(material.expired), 401],
    ['a tenant of others', requestFor(good, strangeTenantId), 403],
  ]
  for (const [what, request, status] of isGuarded ? cases : cases.slice(0, 1)) {
    const answered = await new Promise<number>((resolve, reject) => {
      openConnection(port, reject)
        .then(async (connection) => {
          resolve(await connection.send(request))
          connection.close()
        })
        .catch(reject)
    })
    if (answered !== status) {
      throw new Error(`With ${what} the answer is ${answered} and should be ${status}.`)
    }
  }
  return undefined
}

function run(question: LoadQuestion, take: (kind: Kind) => Buffer): Promise<LoadAnswer> {
  const { port, milliseconds, groups } = question
  return new Promise((resolve, reject) => {
    const latencies: number[][] = groups.map(() => [])
    async function start(): Promise<void> {
      const opened = await Promise.all(
        groups.flatMap(({ connections, kind }, group) =>
          Array.from({ length: connections }, async () => {
            return { group, kind, connection: await openConnection(port, reject) }
          }),
        ),
      )
      let running = opened.length
      const begin = performance.now()
      const end = begin + milliseconds
      for (const { group, kind, connection } of opened) {
        drive(connection, kind, end, take, reject, latencies[group] ?? [], () => {
          connection.close()
          if (--running > 0) return
          const time = performance.now() - begin
          resolve({ time, groups: latencies.map(summarize) })
        })
      }
    }
    start().catch(reject)
  })
}

function drive(
  connection: Connection,
  kind: Kind,
  end: number,
  take: (kind: Kind) => Buffer,
  fail: (error: Error) => void,
  latencies: number[],
  finish: () => void,
): void {
  let sent = 0
  const onAnswer = (status: number): void => {
    const now = performance.now()
    if (status !== expected[kind]) {
      fail(new Error(`A request of kind ${kind} was answered with ${status}.`))
      return
    }
    latencies.push(now - sent)
    if (now < end) go()
    else finish()
  }
  const go = (): void => {
    sent = performance.now()
    connection.exchange(take(kind), onAnswer)
  }
  go()
}

function summarize(latencies: readonly number[]): LoadAnswer['groups'][number] {
  const sorted = latencies.toSorted((one, other) => one - other)
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN
  return { requests: sorted.length, p99 }
}
