/** Token: whether it goes with the endpoint and the settings, and what will surprise with it. */

import {
  type Algorithm,
  algorithmNames,
  type DecodedToken,
  decodeToken,
  isTenantryError,
  type JsonObject,
} from '@tenantry/core'
import { formatDistance, formatInstant, quote, readTimeClaim } from '@tenantry/report'
import type { Observation } from '../jwks/observe.ts'
import { memberOf, type PublishedKey } from '../jwks/published-set.ts'
import { type Finding, fail, none, ok, warn } from './check.ts'
import type { Discovery } from './locate.ts'
import type { Settings } from './settings.ts'
import { checkVerdict } from './verdict-checks.ts'

/** What a token is compared with. */
export interface TokenContext {
  readonly jwt: string
  readonly settings: Settings
  readonly discovery: Discovery | undefined
  readonly endpoint: Observation | undefined
  readonly keys: readonly PublishedKey[] | undefined
  readonly now: Date
  /** What was found of the endpoint and its keys. */
  readonly others: readonly Finding[]
}

/** D30 to D39, and D41. */
export async function checkToken(context: TokenContext): Promise<readonly Finding[]> {
  const token = decode(context.jwt)
  if (typeof token === 'string') return [size(context.jwt), malformed(context.jwt, token)]
  const { header, claims } = token
  const findings = [
    publishedKey(header, context.keys),
    issuer(claims, context),
    grants(claims),
    size(context.jwt),
    ok('D34', 'a signed JWT, three parts'),
    algorithm(header, context.settings.algorithms),
    times(claims, context.now),
    lifetime(claims),
    audience(claims, context.settings),
  ]
  return [...findings, ...(await checkVerdict(header, context, [...context.others, ...findings]))]
}

function decode(jwt: string): DecodedToken | string {
  try {
    return decodeToken(jwt)
  } catch (error) {
    if (isTenantryError(error)) return error.message
    throw error
  }
}

function malformed(jwt: string, reason: string): Finding {
  const parts = jwt.split('.').length
  if (parts === 5) {
    return fail('D34', 'an encrypted token (five parts)', 'ask the issuer for signed tokens')
  }
  if (parts !== 1) return fail('D34', reason, 'copy the whole token again')
  const fix = 'ask the issuer for a JWT; often an audience has to be named for that'
  return fail('D34', 'an opaque token, not a JWT: only its issuer can say what it means', fix)
}

function publishedKey(header: JsonObject, keys: readonly PublishedKey[] | undefined): Finding {
  if (keys === undefined) return none('D30')
  const kid = header['kid']
  if (kid === undefined) {
    if (keys.length === 1) return ok('D30', 'the token names no key, and one is published')
    const detail = `the token names no key, and ${keys.length} are published`
    return warn('D30', detail, 'let the issuer put a kid into the header')
  }
  const isThere = keys.some(
    (key) => key.kid === kid || (key.kid === undefined && keys.length === 1),
  )
  if (isThere) return ok('D30', `${show(kid)} is published`)
  const fix = 'another workspace, mode or issuer? or the key was removed too early'
  return fail('D30', `the token's key ${show(kid)} is not published`, fix)
}

function issuer(claims: JsonObject, { settings, discovery }: TokenContext): Finding {
  const expected = settings.issuer?.value ?? discovery?.issuer
  if (expected === undefined) return none('D31', 'no issuer is known to compare with')
  const iss = claims['iss']
  const place = settings.issuer === undefined ? 'discovery' : settings.issuer.from
  if (iss === expected) return ok('D31', `${quote(expected)}, as ${place} says`)
  const isSlash = typeof iss === 'string' && iss.replace(/\/$/, '') === expected.replace(/\/$/, '')
  const detail = `the token says ${show(iss)}, ${place} ${quote(expected)}`
  return fail(
    'D31',
    isSlash ? `${detail}: they differ only in the last "/"` : detail,
    'write the issuer exactly as it is in the token, if the token is yours',
  )
}

/** The default form of a tenant id in guards; others are refused before they are looked up. */
const tenantIdForm = /^[A-Za-z0-9_-](?:[A-Za-z0-9._:-]{0,62}[A-Za-z0-9_-])?$/

function grants(claims: JsonObject): Finding {
  const type = claims['type']
  if (type !== undefined && type !== 'access') {
    return fail('D32', `of type ${show(type)}: no access token`, 'send the access token instead')
  }
  const map = claims['authorization']
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    const fix = 'is it an ID token? another claim is read with the option authorizationOf'
    return fail('D32', 'no authorization map from tenant to roles', fix)
  }
  const entries = Object.entries(map)
  const broken = entries.find(([, entry]) => !areRoles(memberOf(entry, 'roles')))
  if (broken !== undefined) {
    const detail = `the roles of ${quote(broken[0], 40)} are no list of texts: it grants nothing`
    return fail('D32', detail, 'let the issuer write { "roles": ["..."] } for each tenant')
  }
  const odd = entries.find(([tenantId]) => !tenantIdForm.test(tenantId))
  if (odd !== undefined) {
    const fix = 'guards need the option tenantIdPattern for ids of this form'
    return warn('D32', `${quote(odd[0], 40)} is an odd tenant id`, fix)
  }
  if (entries.length === 0) {
    return warn('D32', 'no tenants: every question about it is a no', 'give the user a role')
  }
  return ok(
    'D32',
    `${entries.length === 1 ? '1 tenant' : `${entries.length} tenants`}, well formed`,
  )
}

function areRoles(roles: unknown): boolean {
  return Array.isArray(roles) && roles.every((role) => typeof role === 'string')
}

/** What core accepts, what many proxies let through in a header, and what browsers keep. */
const LARGEST = 8192
const PROXY = 7000
const COOKIE = 3800

function size(jwt: string): Finding {
  const text = `${jwt.length} characters`
  const fix = 'put fewer tenants into one token'
  if (jwt.length > LARGEST) return fail('D33', `${text}: a verifier refuses more than 8192`, fix)
  if (jwt.length > PROXY) return warn('D33', `${text}: many proxies stop at 8 KB of headers`, fix)
  if (jwt.length > COOKIE) return warn('D33', `${text}: too large for a cookie (4096 bytes)`, fix)
  return ok('D33', text)
}

function algorithm(header: JsonObject, accepted: readonly Algorithm[]): Finding {
  const alg = header['alg']
  const known = algorithmNames.find((name) => name === alg)
  if (known === undefined) {
    return fail('D35', `${show(alg)} is no algorithm to accept`, 'never accept this token')
  }
  if (known.startsWith('HS')) {
    const detail = `${known} is signed with a secret, and a JWK Set has public keys`
    return fail('D35', detail, 'let the issuer sign with a key pair')
  }
  if (accepted.length === 0) return ok('D35', known)
  if (accepted.includes(known)) return ok('D35', `${known} is accepted`)
  const fix = 'add it to the algorithms of your verifier, if the issuer means it'
  return fail('D35', `${known} is not among ${accepted.join(', ')}`, fix)
}

function times(claims: JsonObject, now: Date): Finding {
  const fix = 'ask for a new token'
  for (const name of ['exp', 'nbf', 'iat']) {
    const value = claims[name]
    if (value === undefined && name !== 'exp') continue
    if (value === undefined) {
      return fail('D36', 'no exp: it would never expire', 'let the issuer set exp')
    }
    if (readTimeClaim(value) === undefined) {
      const isMilliseconds = typeof value === 'number' && value > 1e11 && value < 1e14
      const reason = isMilliseconds ? 'in milliseconds' : 'no time'
      return fail('D36', `${name} is ${reason}`, 'let the issuer write seconds since 1970')
    }
  }
  const expiry = readTimeClaim(claims['exp']) ?? now
  const start = readTimeClaim(claims['nbf'])
  const issued = readTimeClaim(claims['iat'])
  const at = (time: Date): string => `${formatInstant(time)}, ${formatDistance(time, now)}`
  if (expiry <= now) return fail('D36', `expired ${at(expiry)}`, fix)
  if (start !== undefined && start > now) return fail('D36', `counts from ${at(start)}`, fix)
  // The default tolerance of a verifier.
  if (issued !== undefined && issued.getTime() > now.getTime() + 5000) {
    return fail('D36', `issued ${at(issued)}`, 'set the clock of this machine, or of the issuer')
  }
  return ok('D36', `expires ${at(expiry)}`)
}

function lifetime(claims: JsonObject): Finding {
  const [iat, exp] = [readTimeClaim(claims['iat']), readTimeClaim(claims['exp'])]
  if (iat === undefined || exp === undefined) return none('D37', 'iat or exp is missing')
  const hours = (exp.getTime() - iat.getTime()) / 3_600_000
  const text =
    hours < 2
      ? `${round(hours * 60)} minutes`
      : hours < 48
        ? `${round(hours)} hours`
        : `${round(hours / 24)} days`
  if (hours <= 24) return ok('D37', text)
  const fix = 'roles that are taken away count until then: use revocations or maxTokenAge'
  return warn('D37', `${text} from issue to expiry`, fix)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function audience(claims: JsonObject, { audience: expected }: Settings): Finding {
  const aud = claims['aud']
  if (expected.length === 0) {
    return none('D38', `the token says ${show(aud)}; no audience is set to compare`)
  }
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (expected.some(({ value }) => named.includes(value))) return ok('D38', show(aud))
  const wanted = expected.map(({ value }) => quote(value, 40)).join(', ')
  const detail = `the token says ${show(aud)}, you expect ${wanted}`
  return fail('D38', detail, 'ask for a token with your audience')
}

/** A value of the token. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  return quote(typeof value === 'string' ? value : JSON.stringify(value), 60)
}
