/** A decision, or the list of everything that is held, for a person. */
import { type AccessAnswer, clip, escapeText, listNames, quote } from '@tenantry/report'
import { hang } from '../output/lines.ts'
import type { Style } from '../output/style.ts'

/** Yes or no first, then why. */
export function decisionText(answered: AccessAnswer, style: Style): string {
  const { decision, heldElsewhere, hints } = answered
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
  lines.push(...hints.map((hint) => hang(margin, hint, indent)))
  return lines.join('\n')
}

/** Why a token grants nothing at all. */
export interface Refusal {
  readonly code: string
  readonly message: string
  /** What there is to know besides. */
  readonly details: readonly string[]
}

/** A token that is refused: no, whatever was asked. */
export function refusalText({ code, message, details }: Refusal, style: Style): string {
  const answer = `${style.symbols.no} no`
  const indent = style.symbols.no.length + 7
  return [
    hang(answer, message, indent).replace(answer, style.bad(answer)),
    ...details.map((line) => hang('', line, indent)),
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
