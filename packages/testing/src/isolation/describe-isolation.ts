/** The suite: every vector, run by your test runner or one by one. */
import type { IsolationAdapter } from './adapter.ts'
import { contextVectors } from './context-vectors.ts'
import { type IsolationVector, missingOperations, operationVectors } from './operation-vectors.ts'

/** What is used of a test runner: Vitest, Jest, Mocha and `node:test` have it. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
}

/** How one vector ended. */
export interface IsolationResult {
  readonly id: string
  readonly title: string
  /** Undefined where the adapter holds. */
  readonly failure: unknown
}

/**
 * Everything that is proved of an adapter, to run by hand.
 *
 * @example
 * ```ts
 * import { type IsolationAdapter, isolationVectors } from '@tenantry/testing/isolation'
 *
 * export async function prove(adapter: IsolationAdapter) {
 *   for (const vector of isolationVectors(adapter)) await vector.prove()
 * }
 * ```
 */
export function isolationVectors(adapter: IsolationAdapter): readonly IsolationVector[] {
  return [...operationVectors(adapter), ...contextVectors(adapter)]
}

/**
 * Proves that two tenants with the same keys never reach each other through your models. Each vector is
 * proved in four parts: no row of the other tenant comes back, its rows are the same to the byte
 * afterwards, everything on the wire is bound to the tenant (where the adapter can listen), and without a
 * tenant the call throws and sends nothing.
 *
 * @param runner - `{ describe, it }` of your test runner
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { describeIsolation, type IsolationAdapter } from '@tenantry/testing/isolation'
 *
 * export function prove(adapter: IsolationAdapter) {
 *   describeIsolation('widgets', adapter, { describe, it })
 * }
 * ```
 */
export function describeIsolation(
  name: string,
  adapter: IsolationAdapter,
  { describe, it }: TestRunner,
): void {
  const missing = missingOperations(adapter)
  const note = missing.length === 0 ? '' : ` (not offered, so not proved: ${missing.join(', ')})`
  describe(`isolation of ${name}${note}`, () => {
    for (const { title, prove } of isolationVectors(adapter)) it(title, prove)
  })
}

/**
 * Runs every vector and answers with how each ended, for a test that expects failures.
 *
 * @example
 * ```ts
 * import { type IsolationAdapter, runIsolation } from '@tenantry/testing/isolation'
 *
 * export async function leaksOf(adapter: IsolationAdapter) {
 *   const results = await runIsolation(adapter)
 *   return results.filter(({ failure }) => failure !== undefined).map(({ id }) => id)
 * }
 * ```
 */
export async function runIsolation(adapter: IsolationAdapter): Promise<readonly IsolationResult[]> {
  const results: IsolationResult[] = []
  for (const { id, title, prove } of isolationVectors(adapter)) {
    const failure = await prove().then(
      () => undefined,
      (error: unknown) => error ?? new Error('It was rejected with nothing'),
    )
    results.push({ id, title, failure })
  }
  return results
}
