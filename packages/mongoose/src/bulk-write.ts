/** The operations of a bulk write, each kept in the scope as it would be alone. */
import { guardCollation } from './call-options.ts'
import type { Scope } from './declaration.ts'
import { stampDocument } from './documents.ts'
import { isForeign, scopeFilter } from './filter.ts'
import { type Plain, toList, toPlain } from './plain.ts'
import { refuse, refuseMismatch } from './refuse.ts'
import { guardUpdate } from './update.ts'

export function guardBulk(operations: unknown, scope: Scope): Plain[] {
  return toList(operations, 'bulkWrite without a list').map((entry) => {
    const own = toPlain(entry, 'an operation of bulkWrite')
    const [name = '', ...others] = Object.keys(own)
    if (others.length > 0) refuse('an operation of bulkWrite that is not exactly one')
    return { [name]: guardOperation(name, toPlain(own[name], `what ${name} does`), scope) }
  })
}

/** One operation by its name, without the name. */
export function guardOperation(name: string, operation: Plain, scope: Scope): Plain {
  guardCollation(operation['collation'], scope)
  const filter = operation['filter']
  if (operation['upsert'] === true && isForeign(filter, scope)) refuseMismatch()
  switch (name) {
    case 'insertOne':
      return { ...operation, document: stampDocument(operation['document'], scope) }
    case 'updateOne':
    case 'updateMany': {
      const update = guardUpdate(operation['update'], scope)
      return { ...operation, filter: scopeFilter(filter, scope), update }
    }
    case 'replaceOne': {
      const replacement = stampDocument(operation['replacement'], scope)
      return { ...operation, filter: scopeFilter(filter, scope), replacement }
    }
    case 'deleteOne':
    case 'deleteMany':
      return { ...operation, filter: scopeFilter(filter, scope) }
    default:
      return refuse(`${name} in bulkWrite`)
  }
}
