/** The page with a token and keys in it, for the one answer that hands them over. */

/** What the page is to show. */
export interface HandOver {
  readonly token?: string
  /** A JWK Set as text. */
  readonly jwks?: string
}

/** Where the page has room for it; the page without a token keeps this comment. */
const PLACE = '<!-- handed over -->'

/**
 * Puts it into the page as a data block: an element that a browser neither runs nor asks the policy
 * about. The page takes it out of the document as soon as it was read. It is not in an address,
 * because browsers write addresses to the disk.
 *
 * @throws {Error} when the page has no room for it
 */
export function handedOverPage(html: string, handOver: HandOver): string {
  if (html.split(PLACE).length !== 2) throw new Error(`The page must have once: ${PLACE}`)
  // Without a `<` nothing in it can end the element.
  const json = JSON.stringify(handOver).replaceAll('<', '\\u003c')
  // A function, because `$&` in a replacement is no text.
  return html.replace(
    PLACE,
    () => `<script type="application/json" id="handed-over">${json}</script>`,
  )
}
