/** Names out of a token, so that what cannot be seen, and what looks like something else, is seen. */
import { clip, escapeText, quote } from '@tenantry/report'
import { element } from './element.ts'

const MAX_NAME_LENGTH = 96

/**
 * A tenant or a role. Control, bidi and zero-width characters are written as escapes; letters beyond
 * ASCII are shown, and spelled out below, because some of them look like others.
 */
export function nameElement(name: string): HTMLElement {
  const shown = clip(escapeText(name), MAX_NAME_LENGTH)
  if (/^[\x20-\x7e]*$/.test(name)) {
    return element('span', { class: 'name' }, name === '' ? '""' : shown)
  }
  const spelled = quote(name, MAX_NAME_LENGTH).slice(1, -1)
  const spelling = spelled === shown ? undefined : element('span', { class: 'spelled' }, spelled)
  return element('span', { class: 'name' }, shown, spelling)
}
