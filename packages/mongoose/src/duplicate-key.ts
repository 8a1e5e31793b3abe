/**
 * A duplicate key, told without the index, the value and the document: they may be those of another
 * tenant. What failed in a bulk write is told by position.
 */
import { ConflictError } from '@tenantry/core'
import type { Scope } from './declaration.ts'
import { isObject, type Plain } from './plain.ts'

const duplicateKey = 11000

/** The error as the caller gets to see it. */
export function neutralError(error: unknown, scope: Scope | undefined): unknown {
  if (scope === undefined || !isObject(error) || !isDuplicate(error)) return error
  const neutral = new ConflictError('duplicate_key', { fields: fieldsOf(error, scope) })
  const failures = failuresOf(error)
  if (failures.length === 0) return neutral
  if (error['writeErrors'] instanceof Map) {
    // That of a client has them by their position.
    const byPosition = failures.map(
      (failure) => [failure['index'], neutralFailure(failure)] as const,
    )
    const { partialResult } = error
    return Object.assign(neutral, { writeErrors: new Map(byPosition), partialResult })
  }
  // Mongoose reads them to say which of the documents of an `insertMany` were written.
  return Object.assign(neutral, {
    writeErrors: failures.map((failure) => neutralFailure(failure)),
    result: error['result'],
    insertedCount: error['insertedCount'],
    insertedIds: error['insertedIds'],
  })
}

function isDuplicate(error: object): boolean {
  if (Reflect.get(error, 'code') === duplicateKey) return true
  return failuresOf(error).some(({ code }) => code === duplicateKey)
}

function failuresOf(error: object): Plain[] {
  const failures: unknown = Reflect.get(error, 'writeErrors')
  if (failures instanceof Map) {
    return [...failures].map(([index, failure]) => ({ ...Object(failure), index }))
  }
  return [failures ?? []].flat().filter(isObject)
}

function neutralFailure({ index, code }: Plain): object {
  const isSame = code === duplicateKey
  const errmsg = isSame ? 'A value that must be unique is taken.' : 'The write failed.'
  return { index, code, errmsg }
}

/** Only of an index that begins with the tenant: what is taken there is taken by the tenant itself. */
function fieldsOf(error: object, scope: Scope): readonly string[] {
  const pattern: unknown = Reflect.get(error, 'keyPattern')
  if (!isObject(pattern)) return []
  const [first, ...others] = Object.keys(pattern)
  return first === scope.field ? others : []
}
