/**
 * What is unique is unique within a tenant. An index without the tenant tells one tenant, by its
 * refusal, what another one has.
 */
import type { Declaration } from './declaration.ts'
import { isObject, type Plain, toPlain } from './plain.ts'
import { refuse } from './refuse.ts'

/** The keys of an index with the tenant in front; an index that is not unique stays as it is. */
export function scopeIndexKeys(keys: unknown, options: unknown, field: string): unknown {
  const isUnique = isObject(options) && Boolean(options['unique'])
  if (!isUnique) return keys
  if (Array.isArray(keys)) refuse('a unique index whose keys are a list; write them as an object')
  const own = typeof keys === 'string' ? { [keys]: 1 } : toPlain(keys, 'the keys of an index')
  const [first] = Object.keys(own)
  if (first === field || (first === '_id' && Object.keys(own).length === 1)) return own
  const { [field]: _, ...others } = own
  return { [field]: 1, ...others }
}

/** `createIndex` and `createIndexes` of the driver. */
export function scopeIndexCall(
  method: string,
  args: readonly unknown[],
  declaration: Declaration | undefined,
): readonly unknown[] {
  if (declaration?.kind !== 'tenant' || declaration.unique === 'keep') return args
  const [first, ...others] = args
  if (method === 'createIndex') {
    return [scopeIndexKeys(first, others[0], declaration.field), ...others]
  }
  if (method !== 'createIndexes' || !Array.isArray(first)) return args
  const indexes = first.map((index: unknown): unknown => {
    if (!isObject(index)) return index
    const own: Plain = { ...index }
    own['key'] = scopeIndexKeys(own['key'], own, declaration.field)
    return own
  })
  return [indexes, ...others]
}
