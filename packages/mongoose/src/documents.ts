/** Documents that are written as a whole: they get the scope, and may not contradict it. */
import type { Scope } from './declaration.ts'
import { type Plain, toPlain } from './plain.ts'
import { refuseMismatch } from './refuse.ts'
import { isSameValue } from './scope-value.ts'

/**
 * The scope is merged last. A member that is there, and be it null or empty, must be the same.
 *
 * @throws {AccessError} `tenant_mismatch`
 */
export function stampDocument(document: unknown, scope: Scope): Plain {
  const own = toPlain(document, 'the document')
  for (const [name, value] of scope.entries) {
    const isThere = Object.hasOwn(own, name) && own[name] !== undefined
    if (isThere && !isSameValue(own[name], value)) refuseMismatch()
    own[name] = value
  }
  return own
}
