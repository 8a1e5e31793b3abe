/** Two tenants with the same keys, and the four parts of a proof that one never reaches the other. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { withTenant } from '@tenantry/core/context'
import type { IsolationAdapter, Item, StoredItem } from './adapter.ts'

/** The two tenants. */
export const tenants = ['acme', 'globex'] as const

/** The rows of a tenant: the keys of both are the same, and nothing else is. */
export function itemsOf(tenantId: string): readonly Item[] {
  const base = tenantId === tenants[0] ? 10 : 7_000
  return ['k1', 'k2', 'k3'].map((key, index) => ({
    key,
    name: `${markOf(tenantId)} ${key}`,
    amount: base + index,
  }))
}

/** What every value of a tenant has in it. */
export function markOf(tenantId: string): string {
  return `owned-by-${tenantId}`
}

const stored: readonly StoredItem[] = tenants.flatMap((tenantId) =>
  itemsOf(tenantId).map((item) => ({ ...item, tenantId })),
)

/** How something ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly error: unknown }

/** Works for a tenant, as the adapter does. */
export function inTenantOf(adapter: IsolationAdapter): NonNullable<IsolationAdapter['inTenant']> {
  return adapter.inTenant?.bind(adapter) ?? withTenant
}

export async function outcomeOf(run: () => unknown): Promise<Outcome> {
  try {
    return { kind: 'answered', value: await run() }
  } catch (error) {
    return { kind: 'refused', error }
  }
}

/** Everything that can be read of a value or of an error. */
function textOf(value: unknown): string {
  const own = value instanceof Error ? Object.getOwnPropertyDescriptors(value) : {}
  return `${inspect(value, { depth: 12, maxArrayLength: null, maxStringLength: null })} ${inspect(own, { depth: 12 })}`
}

async function rowsOf(adapter: IsolationAdapter, tenantId: string): Promise<string> {
  const rows = (await adapter.readAll()).filter((row) => row.tenantId === tenantId)
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort())
}

/** Refilled, so that each proof begins with the same rows. */
export async function refill(adapter: IsolationAdapter): Promise<void> {
  await adapter.seed(stored)
}

/**
 * Runs something for one tenant and proves of the other: none of its rows came back, its rows are what they
 * were to the byte, whatever was sent was bound to the tenant that acted, and without a tenant the same call
 * throws and sends nothing.
 */
export async function prove(
  adapter: IsolationAdapter,
  tenantId: string,
  run: () => unknown,
): Promise<Outcome> {
  await refill(adapter)
  const others = tenants.filter((tenant) => tenant !== tenantId)
  const before = await Promise.all(others.map((tenant) => rowsOf(adapter, tenant)))
  const stop = adapter.record?.()
  const outcome = await outcomeOf(() =>
    inTenantOf(adapter)(tenantId, run as () => Promise<unknown>),
  )
  const sent = stop?.() ?? []
  const seen = textOf(outcome.kind === 'answered' ? outcome.value : outcome.error)
  for (const tenant of others) {
    assert(!seen.includes(markOf(tenant)), `A row of ${tenant} came back: ${seen}`)
  }
  const after = await Promise.all(others.map((tenant) => rowsOf(adapter, tenant)))
  assert.deepEqual(after, before, `Rows of ${others.join()} are not what they were.`)
  for (const command of sent) {
    assert.equal(command.tenantId, tenantId, `Sent without the tenant: ${command.text}`)
  }
  if (adapter.record !== undefined && outcome.kind === 'answered') {
    assert(sent.length > 0, 'Nothing was sent, so nothing was proved.')
  }
  await proveRefusedOutside(adapter, run)
  return outcome
}

/** Puts in front of what a check says whom it is about. */
export async function saying(about: string, check: () => unknown): Promise<void> {
  try {
    await check()
  } catch (error) {
    throw new assert.AssertionError({
      message: `${about} ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}

/** Without a tenant it throws, and nothing is sent. */
export async function proveRefusedOutside(
  adapter: IsolationAdapter,
  run: () => unknown,
): Promise<void> {
  await refill(adapter)
  const before = JSON.stringify(await adapter.readAll())
  const stop = adapter.record?.()
  const outcome = await outcomeOf(run)
  const sent = stop?.() ?? []
  assert.equal(outcome.kind, 'refused', `Outside of any tenant it answered: ${textOf(outcome)}`)
  assert.deepEqual(sent, [], 'Outside of any tenant something was sent.')
  assert.equal(
    JSON.stringify(await adapter.readAll()),
    before,
    'Outside of any tenant rows changed.',
  )
}
