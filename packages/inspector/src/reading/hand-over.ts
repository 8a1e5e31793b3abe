/** What the page is opened with: by the command, or by whoever made a link to it. */

/** Who put something into the page: who uses it or their own command, or the maker of a link. */
export type Origin = 'person' | 'link'

/** A token to look at, the keys to check it with, and the colours of the page around this one. */
export interface HandOver {
  readonly token: string | undefined
  readonly keys: string | undefined
  readonly theme: string | undefined
  readonly origin: Origin
}

/**
 * Takes what the command put into the page, out of the document and then out of reach: the link
 * that it came with works once, and the address becomes that of the page without a token.
 */
export function takeHandedOver(document: Document, history: History): HandOver | undefined {
  const block = document.getElementById('handed-over')
  if (block === null) return undefined
  const text = block.textContent
  block.remove()
  // A page that was saved with a token in it has another address, and keeps that.
  if (document.location.pathname.startsWith('/open/')) history.replaceState(null, '', '/')
  const value: unknown = JSON.parse(text)
  return {
    token: textIn(value, 'token'),
    keys: textIn(value, 'jwks'),
    theme: undefined,
    origin: 'person',
  }
}

/**
 * Reads `#token=…&jwks=…&theme=…` and takes it out of the address at once, so that it is in no bookmark, no
 * screenshot of the window and no list of tabs. The entry of the history is replaced by one without;
 * what the browser had written to the disk by then may stay there.
 */
export function takeFragment(location: Location, history: History): HandOver {
  const fragment = location.hash.slice(1)
  const parameters = new URLSearchParams(fragment)
  if (fragment !== '') history.replaceState(null, '', location.pathname + location.search)
  return {
    token: parameters.get('token') ?? undefined,
    keys: parameters.get('jwks') ?? undefined,
    theme: parameters.get('theme') ?? undefined,
    origin: 'link',
  }
}

function textIn(value: unknown, member: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const text: unknown = Reflect.get(value, member)
  return typeof text === 'string' ? text : undefined
}
