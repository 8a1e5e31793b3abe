/** The claims of a minted token: those of a real one, with what the flags say. */

import { randomUUID } from 'node:crypto'
import { quote } from '@tenantry/report'
import { type CliFailure, undecided, usageFailure } from '../failure.ts'
import type { Grants } from './grants.ts'

/** What the flags of `mint` say about the claims. Times are seconds. */
export interface ClaimWishes {
  readonly grants: Grants
  readonly userId: string | undefined
  readonly sub: string | undefined
  readonly workspace: string | undefined
  readonly mode: string | undefined
  readonly iss: string | undefined
  readonly aud: readonly string[]
  /** How long it counts. */
  readonly lifetime: number | undefined
  /** After how long it begins to count. */
  readonly notBefore: number | undefined
  readonly isExpired: boolean
  /** The object of `--claims`, as JSON text. */
  readonly more: string | undefined
}

/** The claims of a token, ready to be signed. */
export type Claims = Readonly<Record<string, unknown>>

const DEFAULT_LIFETIME = 15 * 60
const HOUR = 3600

/**
 * Puts the claims together, in the order of a real token.
 *
 * @throws {CliFailure} when `--claims` holds no object, or a claim that a flag gives as well
 */
export function makeClaims(wishes: ClaimWishes, now: Date): Claims {
  const flags = fromFlags(wishes)
  const more = readMore(wishes.more)
  const byFlag = [...Object.keys(flags), ...timesByFlag(wishes)]
  const twice = byFlag.find((name) => Object.hasOwn(more, name))
  if (twice !== undefined) {
    throw usageFailure(`The claim ${quote(twice)} is given twice: by a flag and with --claims.`)
  }
  const lifetime = wishes.lifetime ?? DEFAULT_LIFETIME
  const seconds = Math.floor(now.getTime() / 1000)
  const iat = wishes.isExpired ? seconds - HOUR - Math.ceil(lifetime) : seconds
  const user = Object.hasOwn(flags, 'sub') || Object.hasOwn(more, 'sub') ? {} : { userId: 1 }
  const claims: Claims = {
    mode: 'test',
    tenantId: 'demo1234',
    ...user,
    isConfirmed: true,
    authorization: {},
    sessionId: randomUUID(),
    iat,
    exp: iat + Math.ceil(lifetime),
    ...(wishes.notBefore === undefined ? {} : { nbf: iat + Math.ceil(wishes.notBefore) }),
    ...flags,
    ...more,
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
}

function fromFlags(wishes: ClaimWishes): Claims {
  const { grants, userId, sub, workspace, mode, iss, aud } = wishes
  const authorization = Object.fromEntries([...grants].map(([id, roles]) => [id, { roles }]))
  const given = {
    userId: userId === undefined ? undefined : readUserId(userId),
    sub,
    tenantId: workspace,
    mode,
    iss,
    aud: aud.length < 2 ? aud[0] : aud,
    authorization: grants.size === 0 ? undefined : authorization,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function timesByFlag({ lifetime, notBefore, isExpired }: ClaimWishes): readonly string[] {
  return [
    ...(lifetime === undefined && !isExpired ? [] : ['exp']),
    ...(notBefore === undefined ? [] : ['nbf']),
    ...(isExpired ? ['iat'] : []),
  ]
}

/** A number where it is one that stays the same in JSON. */
function readUserId(text: string): string | number {
  const number = Number(text)
  return Number.isSafeInteger(number) && String(number) === text ? number : text
}

function readMore(json: string | undefined): Claims {
  if (json === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw noObject()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noObject()
  return { ...value }
}

function noObject(): CliFailure {
  return undecided('claims_unusable', 'What --claims names is not a JSON object.')
}
