/** The answer to "may this token do that there, and why": core's decision, and what was meant. */
import type { Decision, Requirement } from '@tenantry/core'
import { slipOf } from '../text/closest.ts'
import { quote } from '../text/visible.ts'
import type { Holdings } from './holdings.ts'

/** A question about one tenant. */
export interface AccessQuestion {
  readonly tenantId: string
  readonly roles: readonly string[]
  /** All of the roles are needed, and not one of them. */
  readonly all?: boolean
}

/** A decision with what surrounds it. */
export interface AccessAnswer {
  readonly decision: Decision
  /** Other tenants in which the answer would be yes. */
  readonly heldElsewhere: readonly string[]
  /** Both are there when the one was given in the place of the other. */
  readonly meantTenant: string | undefined
  readonly meantRole: string | undefined
  /** Sentences for somebody who was refused. Safe to print. */
  readonly hints: readonly string[]
}

/**
 * Asks core, and looks for what was meant when the answer is no.
 *
 * @throws {ConfigurationError} `requirement_invalid` without a role
 */
export function answerQuestion(holdings: Holdings, question: AccessQuestion): AccessAnswer {
  const { tenantId, roles } = question
  const requirement = requirementOf(question)
  const decision = holdings.decide(tenantId, requirement)
  const heldElsewhere = holdings
    .tenants()
    .filter((id) => id !== tenantId && holdings.decide(id, requirement).allowed)
  if (decision.allowed) {
    return { decision, heldElsewhere, meantTenant: undefined, meantRole: undefined, hints: [] }
  }
  const meant =
    decision.code === 'tenant_forbidden'
      ? meantTenantAndRole(holdings, tenantId, roles)
      : { role: meantName(roles, decision.held) }
  return {
    decision,
    heldElsewhere,
    meantTenant: meant.tenant,
    meantRole: meant.role,
    hints: hintsOf(question, meant),
  }
}

/** The question as core takes it. */
export function requirementOf({ roles, all = false }: AccessQuestion): Requirement {
  const [first, ...others] = roles
  if (first !== undefined && others.length === 0) return first
  return all ? { all: [...roles] } : { any: [...roles] }
}

interface Meant {
  readonly tenant?: string | undefined
  readonly role?: string | undefined
}

/** Another spelling of the tenant, or tenant and role swapped. */
function meantTenantAndRole(holdings: Holdings, asked: string, roles: readonly string[]): Meant {
  const tenants = holdings.tenants()
  const tenant = roles.find((role) => tenants.includes(role))
  const isRole = tenant !== undefined && tenants.some((id) => holdings.rolesIn(id).includes(asked))
  return isRole ? { tenant, role: asked } : { tenant: slipOf(asked, tenants) }
}

function meantName(asked: readonly string[], held: readonly string[]): string | undefined {
  return asked.map((name) => slipOf(name, held)).find((name) => name !== undefined)
}

function hintsOf({ tenantId, roles }: AccessQuestion, { tenant, role }: Meant): readonly string[] {
  if (tenant !== undefined && role !== undefined) {
    return [`did you mean tenant ${quote(tenant)} and role ${quote(role)}? the tenant comes first`]
  }
  if (tenant !== undefined) {
    const isCase = differsInCase(tenant, [tenantId])
    return [`did you mean ${quote(tenant)}?${isCase ? ' tenant ids are case-sensitive' : ''}`]
  }
  if (role !== undefined) {
    const isCase = differsInCase(role, roles)
    return [`did you mean ${quote(role)}?${isCase ? ' role names are case-sensitive' : ''}`]
  }
  return []
}

function differsInCase(name: string, asked: readonly string[]): boolean {
  return asked.some((one) => one !== name && one.toLowerCase() === name.toLowerCase())
}
