/** The bulk write of a client, which names the collection in each operation. */
import { currentSystem } from '@tenantry/core/context'
import { guardOperation } from './bulk-write.ts'
import { guardOptions } from './call-options.ts'
import type { Scope } from './declaration.ts'
import { toList, toPlain } from './plain.ts'
import { refuse } from './refuse.ts'
import { registryOf } from './registry.ts'

/** The arguments as they are sent, and a scope that they are in. */
export function guardClientBulk(
  args: readonly unknown[],
  base: object | undefined,
): { readonly args: readonly unknown[]; readonly scope: Scope | undefined } {
  if (currentSystem() !== undefined) return { args, scope: undefined }
  const [first, options] = args
  const operations = toList(first, 'bulkWrite without a list')
  if (base === undefined) refuse('bulkWrite on a connection without a Mongoose')
  const registry = registryOf(base)
  let own = guardOptions(options, undefined)
  let scope: Scope | undefined
  const guarded = operations.map((entry) => {
    const { name, namespace, ...operation } = toPlain(entry, 'an operation of bulkWrite')
    if (typeof name !== 'string' || typeof namespace !== 'string') {
      refuse('an operation of bulkWrite without a name and a namespace')
    }
    // The database has no dot in its name, and the collection can have.
    const access = registry.access(namespace.slice(namespace.indexOf('.') + 1))
    if (access.kind === 'shared' && access.readOnly) refuse('a write to what is read only')
    if (access.kind !== 'scoped') return { ...operation, name, namespace }
    if (access.scope.declaration.references.length > 0) {
      refuse('bulkWrite of a connection into a collection whose references are checked')
    }
    scope = access.scope
    own = guardOptions(own, scope)
    return { ...guardOperation(name, operation, scope), name, namespace }
  })
  return { args: [guarded, own], scope }
}
