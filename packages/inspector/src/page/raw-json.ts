/** Header and payload as JSON, with everything escaped that cannot be seen. */
import type { DecodedToken } from '@tenantry/core'
import { printableJson } from '@tenantry/report'
import { element, find } from './element.ts'

/** A larger text makes a browser slow, and no person reads it. */
const MAX_SHOWN = 60_000

/** Draws both. */
export function showRaw({ header, claims }: DecodedToken): void {
  find('raw').replaceChildren(
    ...block('Header', header, 'header'),
    ...block('Payload', claims, 'payload'),
  )
}

function block(name: string, value: unknown, part: string): readonly HTMLElement[] {
  const json = printableJson(value)
  const rest = json.length - MAX_SHOWN
  const shown = rest > 0 ? json.slice(0, MAX_SHOWN) : json
  const id = `raw-${part}`
  return [
    element('h3', { id, class: `part ${part}` }, name),
    element('pre', { tabindex: '0', role: 'region', 'aria-labelledby': id }, shown),
    ...(rest > 0
      ? [element('p', { class: 'hint' }, `${rest} more characters. Copy JSON has all of it.`)]
      : []),
  ]
}
