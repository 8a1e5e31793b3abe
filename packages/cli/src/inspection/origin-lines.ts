/** Where a token is from and for whom it is, and whether that was compared with anything. */
import { printableValue, quote } from '@tenantry/report'
import type { Style } from '../output/style.ts'
import type { CheckName } from '../verification/examine.ts'
import type { Inspection } from './inspection.ts'
import { labelled } from './margin.ts'

/** With the longest remark in ASCII it is 80 columns. */
const VALUE = 33

const rows: readonly (readonly [label: string, claim: string, check: CheckName, flag: string])[] = [
  ['Issuer', 'iss', 'issuer', '--issuer'],
  ['Audience', 'aud', 'audience', '--audience'],
  ['Workspace', 'tenantId', 'workspace', '--workspace'],
  ['Mode', 'mode', 'mode', '--mode'],
]

/** A line for each; workspace and mode only where the token or the question has them. */
export function originLines(inspection: Inspection, style: Style): readonly string[] {
  const { claims } = inspection.context
  return [
    ...keyLine(inspection, style),
    ...rows.flatMap(([label, claim, check, flag]) => {
      const value = claims?.[claim]
      const remark = remarkOf(inspection, check, flag, style)
      const isAsked = inspection.checks.some(
        ({ name, state }) => name === check && state === 'failed',
      )
      if (value === undefined && !isAsked && (claim === 'tenantId' || claim === 'mode')) return []
      const shown = value === undefined ? style.symbols.none : printableValue(value, VALUE)
      return labelled(label, [remark === '' ? shown : `${shown.padEnd(VALUE + 2)}${remark}`])
    }),
  ]
}

/** The key that the token names, and where it was looked for. */
function keyLine({ context }: Inspection, style: Style): readonly string[] {
  const kid = context.header?.['kid']
  const from = context.verification?.origin.name
  const room = from === undefined ? 2 * VALUE : VALUE
  const shown = kid === undefined ? style.symbols.none : printableValue(kid, room)
  const remark = from === undefined ? '' : style.dim(`from ${quote(from, 26)}`)
  return labelled('Key', [remark === '' ? shown : `${shown.padEnd(VALUE + 2)}${remark}`])
}

function remarkOf({ checks }: Inspection, check: CheckName, flag: string, style: Style): string {
  const { symbols } = style
  switch (checks.find(({ name }) => name === check)?.state) {
    case 'passed':
      return style.good(`${symbols.yes} as expected`)
    case 'failed':
      return style.bad(`${symbols.no} not as expected`)
    case 'unchecked':
      return style.dim(`${symbols.none} not compared (no ${flag})`)
    case 'unreached':
      return style.dim(`${symbols.none} not reached`)
    default:
      return ''
  }
}
