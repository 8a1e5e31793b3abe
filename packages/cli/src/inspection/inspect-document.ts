/** What `inspect --json` prints. */
import type { Life } from '@tenantry/report'
import { checksDocument } from '../verification/verdict.ts'
import { type Inspection, missingNames } from './inspection.ts'

/** The members besides schema, ok and code. */
export function inspectDocument(inspection: Inspection): Readonly<Record<string, unknown>> {
  const { report, verdict, checks, context } = inspection
  const missing = missingNames(inspection)
  return {
    message: verdict.message,
    verified: checks.length > 0 && verdict.exitCode === 0,
    kind: report.kind,
    bytes: report.bytes,
    life: lifeDocument(report.life),
    tenants: report.access.rows,
    missingTenants: missing.tenants.map(({ name }) => name),
    missingRoles: missing.roles.map(({ name }) => name),
    notes: report.notes,
    header: context.header,
    claims: context.claims,
    ...(checks.length === 0 ? {} : checksDocument(checks, context)),
  }
}

function lifeDocument(life: Life): Readonly<Record<string, unknown>> {
  const times = { issuedAt: life.issued, startsAt: life.starts, expiresAt: life.expires }
  const known = Object.entries(times).flatMap(([name, moment]) =>
    moment === undefined ? [] : [[name, moment.time.toISOString()] as const],
  )
  return {
    state: life.state,
    ...Object.fromEntries(known),
    ...(life.length === undefined ? {} : { seconds: life.length }),
    ...(life.progress === undefined ? {} : { progress: Math.round(life.progress * 1000) / 1000 }),
  }
}
