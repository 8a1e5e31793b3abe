/** Every vector and program, tried on an implementation that is known to be wrong. */
import { programs, vectors } from '../vectors/index.ts'
import { examine, settle } from './vector.ts'
import type { World } from './world.ts'

export interface Failure {
  readonly row: string
  readonly name: string
  readonly faults: readonly string[]
}

/** What fails. What does not come to an end in time fails as well. */
export async function failuresOf(world: World): Promise<Failure[]> {
  const failures: Failure[] = []
  const take = async ({ row, name }: Omit<Failure, 'faults'>, work: Promise<readonly string[]>) => {
    const outcome = await settle(() => inTime(work))
    const faults = 'error' in outcome ? [String(outcome.error)] : outcome.result
    if (faults.length > 0) failures.push({ row, name, faults })
  }
  for (const vector of vectors) await take(vector, examine(vector, world))
  for (const program of programs) {
    await world.seed()
    world.wire.clear()
    await take(program, program.run(world))
  }
  return failures
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const late = AbortSignal.timeout(5_000)
  return await Promise.race([
    work,
    new Promise<never>((_, reject) => late.addEventListener('abort', () => reject(late.reason))),
  ])
}

/** Those in which a document of b was read or changed, and not only something accepted too much. */
export function leaksOf(failures: readonly Failure[]): Failure[] {
  const isLeak = (fault: string) =>
    fault.startsWith('the result') || fault === 'documents of b have changed'
  return failures.filter(({ faults }) => faults.some(isLeak))
}

/** What came of a row: in how many forms it was tried, failed, and leaked. */
export interface Tally {
  readonly row: string
  readonly tried: number
  readonly failures: number
  readonly leaks: number
}

/** For the table of leaks in the documentation. */
export function talliesOf(failures: readonly Failure[]): Tally[] {
  const leaks = leaksOf(failures)
  const all = [...vectors, ...programs]
  const count = (list: readonly { readonly row: string }[], row: string) =>
    list.filter((one) => one.row === row).length
  return [...new Set(all.map(({ row }) => row))].map((row) => ({
    row,
    tried: count(all, row),
    failures: count(failures, row),
    leaks: count(leaks, row),
  }))
}

export function rowsOf(failures: readonly Failure[]): string[] {
  const rows = new Set(failures.map(({ row }) => row))
  return [...rows].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)))
}
