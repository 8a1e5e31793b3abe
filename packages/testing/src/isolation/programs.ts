/**
 * Random programs of several tenants at once on shared storage, compared step by step with storage that each
 * tenant has for itself: if no tenant can tell that there are others, nothing crosses.
 */
import { inspect, isDeepStrictEqual } from 'node:util'
import { withTenant } from '@tenantry/core/context'
import type { IsolationAdapter, Item, ItemOperations } from './adapter.ts'
import { type Random, randomOf } from './random.ts'

/** One step of a program. A transaction has steps of its own, and may be rolled back. */
export type Step =
  | { readonly kind: 'list' | 'count' | 'total' | 'removeAll' }
  | { readonly kind: 'find' | 'remove'; readonly key: string }
  | { readonly kind: 'search'; readonly name: string }
  | { readonly kind: 'insert' | 'upsert'; readonly item: Item }
  | { readonly kind: 'insertMany'; readonly items: readonly Item[] }
  | { readonly kind: 'update'; readonly key: string; readonly amount: number }
  | { readonly kind: 'updateAll'; readonly amount: number }
  | { readonly kind: 'transaction'; readonly steps: readonly Step[]; readonly rollBack: boolean }

/** What to compare, and how much of it. */
export interface ProgramOptions {
  /** The shared storage, with one set of operations that read the current tenant. */
  readonly shared: Pick<IsolationAdapter, 'operations' | 'inTenant'>
  /** Storage that a tenant has for itself, empty like its part of the shared one. */
  readonly private: (tenantId: string) => ItemOperations
  readonly tenants: readonly string[]
  /** How many steps in all, those inside of transactions counted. */
  readonly steps: number
  readonly seed: number
}

/** A step whose results differ. */
export interface Difference {
  readonly tenantId: string
  readonly step: Step
  readonly shared: unknown
  readonly private: unknown
}

/** What came of it. */
export interface ProgramReport {
  readonly seed: number
  readonly steps: number
  readonly differences: readonly Difference[]
  /** How many results held a value of another tenant. */
  readonly crossed: number
}

const keys = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6']

/** What every name of a tenant begins with, so that a stray one is recognised. */
function markOf(tenantId: string): string {
  return `of <${tenantId}>`
}

/**
 * Runs the programs of all tenants at once, and those of each tenant on private storage as well.
 *
 * @example
 * ```ts
 * import { compareWithPrivate, type ProgramOptions } from '@tenantry/testing/isolation'
 *
 * export async function check(storage: Pick<ProgramOptions, 'shared' | 'private'>) {
 *   const tenants = ['acme', 'globex', 'initech']
 *   return await compareWithPrivate({ ...storage, tenants, steps: 10_000, seed: Date.now() })
 * }
 * ```
 */
export async function compareWithPrivate(options: ProgramOptions): Promise<ProgramReport> {
  const { shared, tenants, seed } = options
  const inTenant = shared.inTenant?.bind(shared) ?? withTenant
  const differences: Difference[] = []
  let steps = 0
  let crossed = 0

  async function runProgram(tenantId: string, index: number): Promise<void> {
    const random = randomOf(seed + index)
    const own = options.private(tenantId)
    const others = tenants.filter((tenant) => tenant !== tenantId)
    while (steps < options.steps) {
      const step = randomStep(random, tenantId, shared.operations)
      steps += step.kind === 'transaction' ? step.steps.length : 1
      const [seen, expected] = await Promise.all([
        inTenant(tenantId, () => resultOf(shared.operations, step)),
        resultOf(own, step),
      ])
      const text = inspect(seen, { depth: 8, maxArrayLength: null })
      if (others.some((other) => text.includes(markOf(other)))) crossed++
      if (!isDeepStrictEqual(seen, expected)) {
        differences.push({ tenantId, step, shared: seen, private: expected })
      }
    }
  }

  await Promise.all(tenants.map(runProgram))
  return { seed, steps, differences, crossed }
}

function randomItem(random: Random, tenantId: string): Item {
  const key = keys[random(keys.length)] ?? ''
  return { key, name: `${markOf(tenantId)} ${random(5)}`, amount: random(100) }
}

function randomStep(
  random: Random,
  tenantId: string,
  operations: ItemOperations,
  isInside = false,
): Step {
  const offered = kindsOf(operations, isInside)
  const kind = offered[random(offered.length)] ?? 'list'
  const item = randomItem(random, tenantId)
  switch (kind) {
    case 'find':
    case 'remove':
      return { kind, key: item.key }
    case 'search':
      return { kind, name: item.name }
    case 'insert':
    case 'upsert':
      return { kind, item }
    case 'insertMany':
      return { kind, items: [item, randomItem(random, tenantId)] }
    case 'update':
      return { kind, key: item.key, amount: item.amount }
    case 'updateAll':
      return { kind, amount: item.amount }
    case 'transaction': {
      const steps = Array.from({ length: 1 + random(4) }, () =>
        randomStep(random, tenantId, operations, true),
      )
      return { kind, steps, rollBack: random(3) === 0 }
    }
    default:
      return { kind }
  }
}

const kinds = [
  'list',
  'count',
  'total',
  'find',
  'find',
  'search',
  'insert',
  'insert',
  'insert',
] as const
const changes = ['insertMany', 'upsert', 'update', 'update', 'updateAll', 'remove'] as const
const rare = ['removeAll', 'transaction', 'transaction'] as const

function kindsOf(operations: ItemOperations, isInside: boolean): readonly Step['kind'][] {
  return [...kinds, ...changes, ...rare].filter(
    (kind) => operations[kind] !== undefined && !(isInside && kind === 'transaction'),
  )
}

/** What a step answers with, in a form that can be compared. How a refusal is worded differs; that it is one does not. */
async function resultOf(operations: ItemOperations, step: Step): Promise<unknown> {
  try {
    return plain(await runStep(operations, step))
  } catch {
    return 'refused'
  }
}

async function runStep(operations: ItemOperations, step: Step): Promise<unknown> {
  switch (step.kind) {
    case 'find':
      return await operations.find(step.key)
    case 'search':
      return await operations.search?.(step.name)
    case 'list':
      return await operations.list()
    case 'count':
      return await operations.count?.()
    case 'total':
      return await operations.total?.()
    case 'transaction':
      return await runTransaction(operations, step.steps, step.rollBack)
    default:
      // What a change answers with is the driver's; what it changed is seen by the next read.
      await runChange(operations, step)
      return 'changed'
  }
}

async function runChange(operations: ItemOperations, step: Step): Promise<void> {
  if (step.kind === 'insert') await operations.insert(step.item)
  if (step.kind === 'insertMany') await operations.insertMany?.(step.items)
  if (step.kind === 'upsert') await operations.upsert?.(step.item)
  if (step.kind === 'update') await operations.update(step.key, { amount: step.amount })
  if (step.kind === 'updateAll') await operations.updateAll?.({ amount: step.amount })
  if (step.kind === 'remove') await operations.remove(step.key)
  if (step.kind === 'removeAll') await operations.removeAll?.()
}

async function runTransaction(
  operations: ItemOperations,
  steps: readonly Step[],
  rollBack: boolean,
): Promise<unknown> {
  const results: unknown[] = []
  const onPurpose = new Error('Rolled back on purpose')
  try {
    await operations.transaction?.(async (inside) => {
      for (const step of steps) results.push(plain(await runStep(inside, step)))
      if (rollBack) throw onPurpose
    })
  } catch (error) {
    results.push(error === onPurpose ? 'rolled back' : 'refused')
  }
  return results
}

/** Rows in the order of their keys, with what the program knows of them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const rows = value.map(plain)
    return rows.every(isItem) ? rows.sort((one, two) => (one.key < two.key ? -1 : 1)) : rows
  }
  return isItem(value) ? { key: value.key, name: value.name, amount: value.amount } : value
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && 'key' in value
}
