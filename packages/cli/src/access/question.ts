/** What `can` is asked: its arguments taken apart. */
import type { Requirement } from '@tenantry/core'
import { usageFailure } from '../failure.ts'
import { looksLikeToken } from '../input/clean-token.ts'

/** A tenant, what to be there, and where the token is. */
export interface Question {
  readonly tenantId: string
  readonly roles: readonly string[]
  readonly requirement: Requirement
  readonly token: string | undefined
}

const order = 'Write: tenantry can TENANT ROLE [ROLE...] [TOKEN]'

/**
 * Reads `TENANT ROLE [ROLE...] [TOKEN]`. The last argument is the token when it looks like one.
 *
 * @throws {CliFailure} `usage_invalid`
 */
export function readQuestion(positionals: readonly string[], isAll: boolean): Question {
  const { names, token } = splitToken(positionals)
  const [tenantId, ...roles] = names
  const misplaced = names.find((name) => name === '-' || looksLikeToken(name))
  if (misplaced !== undefined) throw usageFailure('The token comes last.', order)
  if (tenantId === undefined) throw usageFailure('can needs a tenant and a role.', order)
  const [first] = roles
  if (first === undefined) throw usageFailure('can needs a role.', order)
  if (names.some((name) => name.trim() === '')) {
    throw usageFailure('A tenant or role is blank.', 'Is a variable of your shell empty?')
  }
  const many: Requirement = isAll ? { all: roles } : { any: roles }
  return { tenantId, roles, requirement: roles.length === 1 ? first : many, token }
}

/** Reads the arguments of `can --list`, which are a token at most. */
export function readListArguments(positionals: readonly string[]): string | undefined {
  const { names, token } = splitToken(positionals)
  if (names.length === 0) return token
  throw usageFailure('--list takes a token, and no tenant or role.')
}

function splitToken(positionals: readonly string[]): {
  names: readonly string[]
  token: string | undefined
} {
  const last = positionals.at(-1)
  const isToken = last !== undefined && (last === '-' || looksLikeToken(last))
  return isToken
    ? { names: positionals.slice(0, -1), token: last }
    : { names: positionals, token: undefined }
}
