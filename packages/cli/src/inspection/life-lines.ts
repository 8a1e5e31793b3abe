/** The life of a token, with a bar for how much of it is over. */
import type { Life, Moment } from '@tenantry/report'
import type { Style } from '../output/style.ts'

const BAR = 40

/** Issued, starts, expires, and the bar. */
export function lifeLines(life: Life, style: Style): readonly string[] {
  return [
    ...(life.issued === undefined ? [] : [momentLine('issued', life.issued)]),
    ...(life.starts === undefined ? [] : [momentLine('starts', life.starts)]),
    expiryLine(life, style),
    ...barLine(life, style),
  ]
}

function momentLine(verb: string, { utc, relative }: Moment): string {
  return `${verb.padEnd(10)}${utc}   ${relative}`
}

function expiryLine(life: Life, style: Style): string {
  if (life.expires === undefined) {
    const words = life.state === 'endless' ? 'never' : 'at a time that cannot be read'
    return `${'expires'.padEnd(10)}${style.bad(words)}`
  }
  if (life.state === 'expired') return style.bad(momentLine('expired', life.expires))
  return momentLine('expires', life.expires)
}

function barLine({ progress, state, lengthInWords }: Life, style: Style): readonly string[] {
  if (progress === undefined || lengthInWords === undefined) return []
  const { symbols } = style
  const over = Math.round(progress * BAR)
  const bar = symbols.full.repeat(over) + symbols.rest.repeat(BAR - over)
  const paint = state === 'running' ? (progress < 0.9 ? style.good : style.warn) : style.bad
  return [`${paint(bar)}  ${Math.floor(progress * 100)} % of ${lengthInWords}`]
}
