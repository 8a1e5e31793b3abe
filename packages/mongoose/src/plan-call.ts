/** What is sent in the place of a call: the same call, kept in the scope. Decided once, at the call. */
import { currentSystem } from '@tenantry/core/context'
import { guardBulk } from './bulk-write.ts'
import { guardOptions } from './call-options.ts'
import { guardChangeOptions, guardChanges } from './change-stream.ts'
import type { Scope } from './declaration.ts'
import { stampDocument } from './documents.ts'
import { isForeign, scopeFilter } from './filter.ts'
import { type GuardedMethod, isGuarded, isMetadata } from './methods.ts'
import { guardPipeline } from './pipeline.ts'
import { toList } from './plain.ts'
import { refuse, refuseMismatch } from './refuse.ts'
import type { Access, Registry } from './registry.ts'
import { refuseServerCode } from './server-code.ts'
import { scopeIndexCall } from './unique-indexes.ts'
import { guardUpdate } from './update.ts'

export interface Plan {
  readonly method: string
  readonly args: readonly unknown[]
  /** Undefined where no tenant is concerned: a shared collection, metadata, `asSystem`. */
  readonly scope: Scope | undefined
}

export function planCall(
  registry: Registry,
  collection: string,
  method: string,
  args: readonly unknown[],
): Plan {
  if (currentSystem() !== undefined) return { method, args, scope: undefined }
  if (args.some((argument) => typeof argument === 'function')) {
    refuse(`a callback of ${method}, which would run in the work for somebody else; await it`)
  }
  if (isMetadata(method)) {
    const declaration = registry.declarationOf(collection)
    return { method, args: scopeIndexCall(method, args, declaration), scope: undefined }
  }
  if (!isGuarded(method)) refuse(`${method} of a collection`)
  const access = registry.access(collection)
  if (access.kind === 'scoped') {
    const { scope } = access
    if (method === 'aggregate') {
      const pipeline = guardPipeline(args[0] ?? [], access, registry.access)
      return { method, args: [pipeline, guardOptions(args[1], scope)], scope }
    }
    return { ...scopeCall(method, args, scope), scope }
  }
  return { method, args: guardShared(method, args, access, registry.access), scope: undefined }
}

type Rewrite = Pick<Plan, 'method' | 'args'>

function scopeCall(method: GuardedMethod, args: readonly unknown[], scope: Scope): Rewrite {
  const [first, second, third] = args
  switch (method) {
    case 'find':
    case 'findOne':
    case 'countDocuments':
    case 'count':
    case 'deleteOne':
    case 'deleteMany':
    case 'findOneAndDelete':
      return { method, args: [scopeFilter(first, scope), guardOptions(second, scope)] }
    case 'estimatedDocumentCount':
      // It counts by the size of the collection, which is that of all tenants.
      return {
        method: 'countDocuments',
        args: [scopeFilter({}, scope), guardOptions(first, scope)],
      }
    case 'distinct':
      return { method, args: [first, scopeFilter(second, scope), guardOptions(third, scope)] }
    case 'insertOne':
      return { method, args: [stampDocument(first, scope), guardOptions(second, scope)] }
    case 'insertMany': {
      const list = toList(first, 'insertMany without a list')
      const documents = list.map((document) => stampDocument(document, scope))
      return { method, args: [documents, guardOptions(second, scope)] }
    }
    case 'updateOne':
    case 'updateMany':
    case 'findOneAndUpdate': {
      const options = guardOptions(third, scope)
      if (options['upsert'] === true && isForeign(first, scope)) refuseMismatch()
      return { method, args: [scopeFilter(first, scope), guardUpdate(second, scope), options] }
    }
    case 'replaceOne':
    case 'findOneAndReplace': {
      const options = guardOptions(third, scope)
      if (options['upsert'] === true && isForeign(first, scope)) refuseMismatch()
      return { method, args: [scopeFilter(first, scope), stampDocument(second, scope), options] }
    }
    case 'bulkWrite':
      return { method, args: [guardBulk(first, scope), guardOptions(second, scope)] }
    case 'watch': {
      const options = guardChangeOptions(guardOptions(second, scope))
      return { method, args: [guardChanges(first ?? [], scope), options] }
    }
    case 'aggregate':
      return refuse('an aggregation without its collections')
  }
}

const reads: ReadonlySet<string> = new Set([
  'find',
  'findOne',
  'countDocuments',
  'count',
  'estimatedDocumentCount',
  'distinct',
  'aggregate',
  'watch',
])

/** A collection for everybody: nothing is added, and nothing reaches further from there. */
function guardShared(
  method: GuardedMethod,
  args: readonly unknown[],
  access: Access,
  accessTo: (collection: string) => Access,
): readonly unknown[] {
  if (access.kind === 'shared' && access.readOnly && !reads.has(method)) {
    refuse(`${method} of a collection that tenantGlobal declares as read only`)
  }
  const at = optionsAt(method)
  const own = args.map((argument, index) =>
    index === at ? guardOptions(argument, undefined) : argument,
  )
  const [first = [], ...others] = own
  if (method === 'aggregate') return [guardPipeline(first, access, accessTo), ...others]
  if (method === 'watch') return [guardChanges(first, undefined), ...others]
  if (method !== 'insertOne' && method !== 'insertMany') {
    for (const argument of own) refuseServerCode(argument)
  }
  return own
}

const withThree: ReadonlySet<string> = new Set([
  'distinct',
  'updateOne',
  'updateMany',
  'replaceOne',
  'findOneAndUpdate',
  'findOneAndReplace',
])

/** Where the options of a call are. */
function optionsAt(method: GuardedMethod): number {
  if (method === 'estimatedDocumentCount') return 0
  return withThree.has(method) ? 2 : 1
}
