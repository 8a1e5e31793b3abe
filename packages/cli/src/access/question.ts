/** What `can` is asked: its arguments taken apart. */
import {
  type AccessQuestion,
  cleanToken,
  looksLikeCredential,
  looksLikeToken,
  quote,
} from '@tenantry/report'
import { usageFailure } from '../failure.ts'
import { isTokenFileName, namesFile, tokenFileHint } from '../input/file-name.ts'

/** A tenant, what to be there, and where the token is. */
export interface Question extends AccessQuestion {
  readonly token: string | undefined
}

/** How it is typed. */
export const order: string = 'Write: tenantry can TENANT ROLE [ROLE...] [TOKEN]'

/** What the flags say about the question. */
export interface QuestionFlags {
  /** All of the roles are needed, and not one of them. */
  readonly all: boolean
  readonly 'token-file': string | undefined
}

/**
 * Reads `TENANT ROLE [ROLE...] [TOKEN]`. The last argument is the token when it looks like one.
 *
 * @throws {CliFailure} `usage_invalid`
 */
export function readQuestion(positionals: readonly string[], flags: QuestionFlags): Question {
  const { names, token } = splitToken(positionals)
  const [tenantId, ...roles] = names
  const misplaced = names.find((name) => name === '-' || looksLikeToken(name))
  if (misplaced !== undefined) throw usageFailure('The token comes last.', order)
  if (tenantId === undefined) throw usageFailure('can needs a tenant and a role.', order)
  refuseCredentials(names)
  if (roles.length === 0) throw usageFailure('can needs a role.', order)
  if (names.some((name) => name.trim() === '')) {
    throw usageFailure('A tenant or role is blank.', 'Is a variable of your shell empty?')
  }
  refuseSlips(roles)
  refuseFileNames(names, roles, token ?? flags['token-file'])
  return { tenantId, roles, all: flags.all, token }
}

/** What to type instead when one role is a list of several; undefined when none is. */
export function separateRoles({ tenantId, roles, all }: Question): string | undefined {
  const several = roles.flatMap((role) => role.split(',').filter((name) => name.trim() !== ''))
  if (several.length === roles.length) return undefined
  const words = [tenantId, ...several.map((name) => name.trim())]
  // Only what a shell takes as it is.
  if (!words.every((word) => /^\w[\w.:-]*$/.test(word))) return 'did you mean several roles?'
  const count = several.length === 2 ? 'two' : 'several'
  return `did you mean ${count} roles? tenantry can ${words.join(' ')}${all ? ' --all' : ''}`
}

/** Reads the arguments of `can --list`, which are a token at most. */
export function readListArguments(positionals: readonly string[]): string | undefined {
  const { names, token } = splitToken(positionals)
  const [name] = names
  if (name === undefined) return token
  const isFile = isTokenFileName(name) || namesFile(name)
  throw usageFailure(
    '--list takes a token, and no tenant or role.',
    ...(isFile ? [tokenFileHint(name)] : []),
  )
}

/**
 * A credential that is no whole token would be taken for one more role, and another token be judged.
 * It is not shown: the screen may be a log.
 */
function refuseCredentials(names: readonly string[]): void {
  const index = names.findIndex(looksLikeCredential)
  if (index === -1) return
  throw usageFailure(
    `${index === 0 ? 'The tenant' : `Role ${index}`} looks like a token or an API key, or is longer than a name.`,
    'A token has three parts with a dot between them, and comes last.',
    order,
  )
}

/**
 * One role is enough, so that a token which is taken for one more role would change nothing: the
 * answer would be yes, about another token.
 */
function refuseSlips(roles: readonly string[]): void {
  for (const [index, role] of roles.entries()) {
    const { jwt } = cleanToken(role)
    if (jwt === 'null' || jwt === 'undefined') {
      throw usageFailure(`Role ${index + 1} is "${jwt}".`, 'Is a variable of your program empty?')
    }
    const isLast = index > 0 && index === roles.length - 1
    if (!hasFormOfToken(role, jwt) && !(isLast && isOpaque(jwt))) continue
    throw usageFailure(
      `Role ${index + 1} has the form of a token, and is none that can be verified.`,
      'A token has three parts with a dot between them, and comes last.',
      order,
    )
  }
}

function hasFormOfToken(role: string, jwt: string): boolean {
  const text = role
    .trim()
    .replace(/^["'`]/, '')
    .trimStart()
  const isHeader = /^(?:authorization\s*:|bearer(?:\s|$))/i.test(text)
  return isHeader || /^[\w-]+\.[\w-]+\.[\w-]*$/.test(jwt)
}

/** What many issuers make of random bytes. Alone it may be the id of a role. */
function isOpaque(text: string): boolean {
  return /^[A-Za-z0-9]{32,}$/.test(text) && /\d/.test(text)
}

/**
 * The name of a file among the roles is a token in the wrong place: the answer would be about
 * another token. Where the place of the token was said, it is a role that a file is called like.
 */
function refuseFileNames(
  names: readonly string[],
  roles: readonly string[],
  place: string | undefined,
): void {
  const token = names.find(isTokenFileName)
  const file = token ?? (place === undefined ? roles.find(namesFile) : undefined)
  if (file === undefined) return
  throw usageFailure(
    `${quote(file)} is the name of a file, not a ${file === names[0] ? 'tenant' : 'role'}.`,
    tokenFileHint(file),
    ...(token === undefined
      ? ['If it is a role, say where the token is: --token-file or "-".']
      : []),
  )
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
