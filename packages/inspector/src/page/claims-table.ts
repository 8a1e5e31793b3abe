/** Every member of the token with its value and its meaning. */
import type { DecodedToken } from '@tenantry/core'
import { clip, escapeText, type Reading, readClaims, readHeader } from '@tenantry/report'
import { element, find } from './element.ts'
import { nameElement } from './names.ts'

/** The rest of a longer value is in the JSON below. */
const MAX_VALUE_LENGTH = 160

/** More members than any token has; the rest is in the JSON below. */
const MAX_MEMBERS = 200

/** Draws the table. */
export function showClaims({ header, claims }: DecodedToken, asOf: Date): void {
  find('claims').replaceChildren(
    tableOf('Header', readHeader(header)),
    tableOf('Payload', readClaims(claims, asOf)),
  )
}

function tableOf(caption: string, readings: readonly Reading[]): HTMLElement {
  const heads = ['Name', 'Value', 'Meaning'].map((head) => element('th', { scope: 'col' }, head))
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...readings.slice(0, MAX_MEMBERS).map(lineOf)),
  )
}

function lineOf({ name, words, meaning }: Reading): HTMLTableRowElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, nameElement(name)),
    element('td', { class: 'value' }, clip(escapeText(words), MAX_VALUE_LENGTH)),
    element('td', { class: 'meaning' }, meaning ?? 'The issuer’s own.'),
  )
}
