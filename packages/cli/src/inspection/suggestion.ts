/** The command that comes next. */
import type { Inspection } from './inspection.ts'
import { LABEL } from './margin.ts'

/** Something to type, made of what was typed and of names that a shell takes as they are. */
export function suggestion({ report, verdict, context, checks }: Inspection): string {
  if (verdict.exitCode !== 0) return `tenantry explain ${verdict.code}`
  const problem = report.notes.find(({ level }) => level === 'problem')
  if (problem !== undefined) return `tenantry explain ${problem.id}`
  const origin = context.verification?.origin
  if (checks.length === 0 || origin === undefined) {
    return 'tenantry inspect --jwks URL|FILE, to check the signature as well'
  }
  const row = report.access.rows.find(({ tenant, roles }) => isPlain(tenant) && roles.some(isPlain))
  const role = row?.roles.find(isPlain)
  const isTypable = /^[A-Za-z0-9_./][\w./:@+-]*$/.test(origin.name)
  const question = row === undefined || role === undefined ? '--list' : `${row.tenant} ${role}`
  const command = `tenantry can ${question} ${origin.flag} `
  const fits = isTypable && command.length + origin.name.length <= 80 - LABEL
  return command + (fits ? origin.name : origin.kind.toUpperCase())
}

function isPlain(name: string): boolean {
  return /^[A-Za-z0-9][\w.:/@-]{0,15}$/.test(name)
}
