/**
 * Every method of a collection, and what is done about it. A method that is not here is refused: what
 * a new version of the driver adds has to be looked at first.
 */

/** Reach documents, and are kept in the scope. */
export const guarded = [
  'find',
  'findOne',
  'countDocuments',
  'count',
  'estimatedDocumentCount',
  'distinct',
  'aggregate',
  'watch',
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
  'bulkWrite',
] as const

/** Know the form of a collection and no document: also without a tenant, when a program starts. */
export const metadata = [
  'createIndex',
  'createIndexes',
  'listIndexes',
  'indexes',
  'indexExists',
  'indexInformation',
  'getIndexes',
  'options',
  'isCapped',
  'createSearchIndex',
  'createSearchIndexes',
  'listSearchIndexes',
] as const

/** Concern all tenants at once, or cannot be judged: only inside of `asSystem`. */
export const systemOnly = [
  'drop',
  'rename',
  'dropIndex',
  'dropIndexes',
  'updateSearchIndex',
  'dropSearchIndex',
  'initializeOrderedBulkOp',
  'initializeUnorderedBulkOp',
  'ensureIndex',
  'findAndModify',
  'insert',
  'save',
  'mapReduce',
] as const

export type GuardedMethod = (typeof guarded)[number]

/** They answer with a cursor and not with a promise. */
export const openers: ReadonlySet<string> = new Set([
  'find',
  'aggregate',
  'watch',
  'listIndexes',
  'listSearchIndexes',
])

/** They answer at once, with an object that collects operations. */
export const builders: ReadonlySet<string> = new Set([
  'initializeOrderedBulkOp',
  'initializeUnorderedBulkOp',
])

const guardedNames: ReadonlySet<string> = new Set(guarded)
const metadataNames: ReadonlySet<string> = new Set(metadata)

export function isGuarded(method: string): method is GuardedMethod {
  return guardedNames.has(method)
}

export function isMetadata(method: string): boolean {
  return metadataNames.has(method)
}
