/** The side of the parent: starts a program, asks it, ends it. */
import { fork } from 'node:child_process'
import { type Program, pathOf } from '../bundle.ts'
import type { Reply } from './child.ts'

/** A process that answers. */
export interface Child {
  /** What it sent when it was ready. */
  readonly ready: unknown
  /** Asks; one question at a time. Rejects when the process failed or ended. */
  readonly ask: (question: unknown) => Promise<unknown>
  readonly stop: () => void
}

/** Starts a program of its own with this job, and waits until it is ready. */
export async function startChild(
  program: Program,
  job: unknown,
  flags: readonly string[] = [],
): Promise<Child> {
  const child = fork(pathOf(program), [JSON.stringify(job)], {
    // Not the flags of this process, which are for TypeScript.
    execArgv: [...flags],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const what = `${program} ${JSON.stringify(job)}`

  function nextReply(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        settle()
        // Sent by child.ts, in the same program.
        const reply = message as Reply
        if ('error' in reply) reject(new Error(`${what} failed: ${reply.error}`))
        else resolve(reply.value)
      }
      const onExit = (code: number | null): void => {
        settle()
        reject(new Error(`${what} ended with ${code}.`))
      }
      const settle = (): void => {
        child.off('message', onMessage)
        child.off('exit', onExit)
      }
      child.on('message', onMessage)
      child.on('exit', onExit)
    })
  }

  const ready = await nextReply()
  return {
    ready,
    ask(question) {
      const reply = nextReply()
      child.send(question as object)
      return reply
    },
    stop: () => child.disconnect(),
  }
}

/** Starts something for each, two at a time: as many as the smallest machine has processors. */
export async function startEach<Item, Started>(
  items: readonly Item[],
  start: (item: Item) => Promise<Started>,
): Promise<readonly Started[]> {
  const started: Started[] = []
  const waiting = items.entries()
  async function startSome(): Promise<void> {
    for (const [index, item] of waiting) started[index] = await start(item)
  }
  await Promise.all([startSome(), startSome()])
  return started
}
