/** A decision in words. Only what was asked appears in them, and nothing else out of the token. */
import type { AccessErrorCode } from '../errors.ts'
import type { Grant } from '../token/memberships.ts'
import type { Verdict } from './decide.ts'
import { type ParsedRequirement, type Requirement, writtenAs } from './requirement.ts'

/** The answer to `may this caller act as this in that tenant`, with the reason. Frozen. */
export interface Decision {
  readonly allowed: boolean
  /** `granted`, or the code that a refusal carries. */
  readonly code: 'granted' | AccessErrorCode
  /** The tenant that was asked about; empty when what was passed is not a string. */
  readonly tenantId: string
  /** What was asked. */
  readonly required: Requirement
  /** The roles that the token has for this tenant, as they are written there. */
  readonly held: readonly string[]
  /** What granted it, when it is allowed. */
  readonly grantedBy?: Grant
  /** One sentence for a person. */
  readonly message: string
}

/** Puts a verdict into words. */
export function toDecision(
  verdict: Verdict,
  asked: unknown,
  required: ParsedRequirement,
): Decision {
  const { code, membership, grantedBy } = verdict
  return Object.freeze({
    allowed: code === 'granted',
    code,
    tenantId: typeof asked === 'string' ? asked : '',
    required: writtenAs(required),
    held: membership?.roles ?? none,
    ...(grantedBy === undefined ? {} : { grantedBy: Object.freeze(grantedBy) }),
    message: sentence(verdict, asked, required),
  })
}

const none: readonly string[] = Object.freeze([])

function sentence(
  { code, grantedBy }: Verdict,
  asked: unknown,
  required: ParsedRequirement,
): string {
  if (typeof asked !== 'string') return 'No tenant id was given.'
  const tenant = `tenant ${quote(asked)}`
  if (code === 'tenant_forbidden') return `The token does not name ${tenant}.`
  const wanted = describe(required)
  if (grantedBy === undefined) return `The token does not grant ${wanted} in ${tenant}.`
  const { role, tenantId } = grantedBy
  const by = role === undefined || role === required ? '' : `, by way of ${quote(role)}`
  const from = tenantId === asked ? '' : `, held in its ancestor ${quote(tenantId)}`
  return `The token grants ${wanted} in ${tenant}${by}${from}.`
}

/** A requirement in words: `"admin"`, `any of "owner" or "admin"`. */
function describe(requirement: ParsedRequirement): string {
  if (typeof requirement === 'string') return quote(requirement)
  switch (requirement.kind) {
    case 'exactly':
      return `exactly ${quote(requirement.role)}`
    case 'permission':
      return `the permission ${quote(requirement.permission)}`
    case 'any':
      return `any of ${list(requirement.of, 'or')}`
    case 'all':
      return `all of ${list(requirement.of, 'and')}`
  }
}

function list(requirements: readonly ParsedRequirement[], word: string): string {
  const parts = requirements.map((one) =>
    typeof one === 'string' ? quote(one) : `(${describe(one)})`,
  )
  const last = parts.slice(-1).join()
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')} ${word} ${last}`
}

/** In double quotes, on one line, with everything escaped that could pretend to be something else. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
