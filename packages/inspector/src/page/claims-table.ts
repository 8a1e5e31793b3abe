/** Every member of the token with its value and its meaning. */
import type { DecodedToken, JsonObject, JsonValue } from '@tenantry/core'
import { clip, count, escapeText, type Reading, readClaims, readHeader } from '@tenantry/report'
import { element, find } from './element.ts'
import { nameElement } from './names.ts'

/** The rest of a longer value is in the JSON below. */
const MAX_VALUE_LENGTH = 160

/** More members than any token has; the rest is in the JSON below. */
const MAX_MEMBERS = 200

/** Draws the table. */
export function showClaims({ header, claims }: DecodedToken, asOf: Date): void {
  const payload = readClaims(claims, asOf).map((reading) =>
    // The map has a table of its own, which says more.
    reading.name === 'authorization' && isMap(reading.value)
      ? { ...reading, words: `${count(Object.keys(reading.value).length, 'tenant')}, listed above` }
      : reading,
  )
  find('claims').replaceChildren(tableOf('Header', readHeader(header)), tableOf('Payload', payload))
}

function isMap(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
    element('td', { class: 'value' }, ...valueParts(words)),
    element('td', { class: 'meaning' }, meaning ?? 'The issuer’s own.'),
  )
}

/** A time stands in one line and how far away it is in the next. */
function valueParts(words: string): readonly (HTMLElement | string)[] {
  const shown = clip(escapeText(words), MAX_VALUE_LENGTH)
  const [, utc, relative] = /^([\d-]+ [\d:]+Z) {2}(.+)$/.exec(shown) ?? []
  if (utc === undefined || relative === undefined) return [shown]
  return [utc, ' ', element('span', { class: 'hint' }, relative)]
}
