/** The proof in four parts, for any statements of a tenant. */
import { inspect } from 'node:util'
import { withTenant } from '@tenantry/core/context'
import { expect } from 'vitest'
import type { TenantQueries } from '../../src/index.ts'
import type { Engine } from './engines.ts'

/** What came of it, with the SQLSTATE or the code of an error. */
export type Proved =
  | { readonly rows: readonly unknown[]; readonly code?: undefined }
  | { readonly rows?: undefined; readonly code: string }

/**
 * Acts as tenant a. No row of b comes back, b's rows are the same afterwards, every statement on the wire is
 * bound to a, and the same call without a tenant throws and sends nothing.
 */
export async function prove(
  engine: Engine,
  run: (to: TenantQueries) => Promise<{ readonly rows: readonly unknown[] }>,
): Promise<Proved> {
  const ofB = async () => inspect((await engine.everything()).filter(isOfB))
  const before = await ofB()
  const stop = engine.wire.record()
  const outcome = await withTenant('a', () => run(engine.database)).then(
    ({ rows }): Proved => ({ rows }),
    (error: unknown): Proved => ({ code: codeOf(error) }),
  )
  const sent = stop()
  expect(inspect(outcome, { depth: 6 })).not.toMatch(/\bb (?:one|two)\b|tenant_id: 'b'/)
  expect(await ofB()).toBe(before)
  if (outcome.code !== 'call_refused') expect(sent.length).toBeGreaterThan(0)
  expect(sent.filter(({ tenantId }) => tenantId !== 'a')).toEqual([])
  const stopOutside = engine.wire.record()
  await expect(run(engine.database)).rejects.toMatchObject({ code: 'tenant_context_missing' })
  expect(stopOutside()).toEqual([])
  return outcome
}

function isOfB(row: unknown): boolean {
  return typeof row === 'object' && row !== null && Reflect.get(row, 'tenant_id') === 'b'
}

export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : String(error)
}

/** The SQLSTATE that bare statements end with, or their rows. */
export async function answerOf(run: Promise<readonly unknown[]>): Promise<unknown> {
  return await run.catch(codeOf)
}
