/** A decision, or the list of everything that is held, for a person. */
import type { Decision } from '@tenantry/core'
import { clip, escapeText, quote } from '../output/escape.ts'
import { hang } from '../output/lines.ts'
import type { Style } from '../output/style.ts'

/** A decision with what surrounds it. */
export interface ExplainedDecision {
  readonly decision: Decision
  /** Other tenants in which the answer would be yes. */
  readonly heldElsewhere: readonly string[]
  /** Both are there when the one was given in the place of the other. */
  readonly meantTenant: string | undefined
  readonly meantRole: string | undefined
}

/** Names that are listed before the rest is only counted. */
const MANY = 10

/** Yes or no first, then why. */
export function decisionText(explained: ExplainedDecision, style: Style): string {
  const { decision, heldElsewhere, meantTenant, meantRole } = explained
  const { symbols } = style
  const answer = decision.allowed ? `${symbols.yes} yes` : `${symbols.no} no`
  const indent = symbols.no.length + 7
  const margin = ' '.repeat(indent)
  const label = (name: string, names: readonly string[]): string =>
    hang(margin + name, listNames(names), indent + 16)
  const paint = decision.allowed ? style.good : style.bad
  const lines = [
    hang(answer, clip(escapeText(decision.message), 400), indent).replace(answer, paint(answer)),
    margin + style.dim(decision.code),
  ]
  if (decision.allowed) return lines.join('\n')
  if (decision.code !== 'tenant_forbidden') lines.push(label('roles here', decision.held))
  lines.push(label('held in', heldElsewhere))
  if (meantTenant !== undefined && meantRole !== undefined) {
    lines.push(
      hang(
        margin,
        `did you mean tenant ${quote(meantTenant)} and role ${quote(meantRole)}? the tenant comes first`,
        indent,
      ),
    )
  } else if (meantTenant !== undefined) {
    lines.push(`${margin}did you mean ${quote(meantTenant)}? tenant ids are case-sensitive`)
  } else if (meantRole !== undefined) {
    lines.push(`${margin}did you mean ${quote(meantRole)}? role names are case-sensitive`)
  }
  return lines.join('\n')
}

/** A token that is refused: no, whatever was asked. */
export function refusalText(code: string, message: string, style: Style): string {
  const answer = `${style.symbols.no} no`
  const indent = style.symbols.no.length + 7
  return [
    hang(answer, message, indent).replace(answer, style.bad(answer)),
    ' '.repeat(indent) + style.dim(code),
  ].join('\n')
}

/** A tenant and the roles in it. */
export interface TenantRoles {
  readonly tenant: string
  readonly roles: readonly string[]
}

/** One line for each tenant. */
export function listText(tenants: readonly TenantRoles[], style: Style): string {
  if (tenants.length === 0) return style.dim('The token names no tenant.')
  const names = tenants.map(({ tenant }) => quote(tenant, 32))
  const width = Math.max(...names.map((name) => name.length)) + 3
  return tenants
    .map(({ roles }, index) => hang(names[index] ?? '', listNames(roles), width))
    .join('\n')
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  const shown = names.slice(0, MANY).map((name) => quote(name, 40))
  const rest = names.length - shown.length
  return shown.join(', ') + (rest > 0 ? `, and ${rest} more` : '')
}
