/** The side of a child process: it is asked, and answers. */
import type { Pace } from '../bench.ts'

/** What the parent reads. */
export type Reply = { readonly value: unknown } | { readonly error: string }

/**
 * Answers what the parent asks, one question after the other. The first answer is sent without a
 * question, when `prepare` is done; a failure of anything ends the process.
 */
export async function answerParent<Job, Question, Answer>(
  prepare: (job: Job) => Promise<{
    readonly ready?: unknown
    readonly answer: (question: Question) => Answer | Promise<Answer>
  }>,
): Promise<void> {
  try {
    // What the parent starts it with: see start-child.ts.
    const { ready, answer } = await prepare(JSON.parse(process.argv[2] ?? '') as Job)
    process.on('message', (question) => {
      // Parent and child are of one program, and of one version of it.
      Promise.resolve(question as Question)
        .then(answer)
        .then((value) => reply({ value: value ?? null }), fail)
    })
    process.on('disconnect', () => process.exit())
    reply({ value: ready ?? null })
  } catch (error) {
    fail(error)
  }
}

function reply(message: Reply): void {
  process.send?.(message)
}

function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.send?.({ error: text } satisfies Reply, () => process.exit(1))
}

/** The time of a clock, in milliseconds. */
export function timeOf(clock: Pace['clock']): number {
  if (clock === 'wall') return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
