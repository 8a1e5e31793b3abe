/** A row of the table of attacks: a request, and its answer on each framework. */
import { expect } from 'vitest'
import type { Framework } from './applications.ts'
import { type ChallengeError, expectLegalRefusal } from './challenge.ts'
import { type Answer, headerOf } from './raw-request.ts'

/** A status alone is the framework's own answer, or the handler's. */
export type Expected = readonly [status: number, code?: string, error?: ChallengeError | undefined]

export interface Row {
  readonly row: string
  readonly title: string
  /** Request line and headers. */
  readonly lines: readonly string[]
  readonly body?: string
  readonly expected: Expected
  /** Where routers differ: by framework, or by family. */
  readonly except?: Partial<Record<Framework['name'] | Framework['family'], Expected>>
}

export function expectedOn(row: Row, framework: Framework): Expected {
  return row.except?.[framework.name] ?? row.except?.[framework.family] ?? row.expected
}

/** Status, code and challenge. HEAD has no body to read a code in. */
export function expectAnswer(answer: Answer, [status, code, error]: Expected): void {
  expect([answer.status, answer.code], answer.wire).toEqual([status, code])
  if (code === undefined || status === 404 || status >= 500) {
    expect(headerOf(answer, 'www-authenticate')).toBeUndefined()
    return
  }
  expect(headerOf(answer, 'content-type')).toBe('application/problem+json')
  expect(expectLegalRefusal(answer).get('error')).toBe(error)
}

export const missing: Expected = [401, 'credentials_missing']
export const malformed: Expected = [400, 'request_malformed', 'invalid_request']
export const invalid: Expected = [400, 'tenant_invalid', 'invalid_request']
export const conflict: Expected = [400, 'tenant_conflict', 'invalid_request']
export const forbidden: Expected = [403, 'tenant_forbidden', 'insufficient_scope']
export const insufficient: Expected = [403, 'role_insufficient', 'insufficient_scope']
export const unresolved: Expected = [500, 'tenant_unresolved']
export const passes: Expected = [200]
