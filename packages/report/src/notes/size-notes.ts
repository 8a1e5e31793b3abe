/** Notes on how large a token is, with the numbers. */
import { rowsOf } from '../access/matrix.ts'
import { count } from '../text/size.ts'
import { type Note, note } from './note.ts'
import type { NotedToken } from './noted-token.ts'

/** RFC 6265 section 6.1: what a browser keeps of a cookie, its name included. */
const COOKIE_BYTES = 4096
const NEAR_COOKIE_BYTES = 3800
/** What nginx, Node and many others take of one header, or of all of them. */
const HEADER_BYTES = 8192
const HEADER_NAME_BYTES = 'Authorization: Bearer '.length
/** The default of the option maxTokenBytes. */
const VERIFIER_BYTES = 8192

/** How the token travels. */
export function sizeNotes(token: NotedToken): readonly Note[] {
  const bytes = token.jwt.length
  const cookie = bytes + cookieName(token.decoded.claims['tenantId']).length + 1
  const header = bytes + HEADER_NAME_BYTES
  const notes: Note[] = []
  if (bytes > VERIFIER_BYTES) {
    notes.push(
      note(
        'too_large_for_verifier',
        `The token has ${bytes} bytes: a verifier takes ${VERIFIER_BYTES} unless maxTokenBytes says more.`,
      ),
    )
  }
  if (header > HEADER_BYTES) {
    notes.push(
      note(
        'too_large_for_header',
        `As a header it has ${header} bytes: many proxies stop at ${HEADER_BYTES} (8 KB).`,
      ),
    )
  }
  if (cookie > COOKIE_BYTES) {
    notes.push(
      note(
        'too_large_for_cookie',
        `As a cookie it has ${cookie} bytes: browsers drop more than ${COOKIE_BYTES} (4 KB). ${share(token)}`,
      ),
    )
  } else if (cookie > NEAR_COOKIE_BYTES) {
    notes.push(
      note(
        'near_cookie_limit',
        `As a cookie it has ${cookie} bytes; browsers drop more than ${COOKIE_BYTES} (4 KB). ${share(token)}`,
      ),
    )
  }
  return notes
}

/** The name that Userfront gives the cookie. */
function cookieName(workspace: unknown): string {
  return typeof workspace === 'string' ? `access.${workspace}` : 'access_token'
}

/** How much of it is the map of tenants, in base64url. */
function share({ decoded }: NotedToken): string {
  const json = JSON.stringify(decoded.claims['authorization'] ?? {})
  const bytes = Math.ceil((new TextEncoder().encode(json).length * 4) / 3)
  const tenants = rowsOf(decoded).length
  return `The map of ${count(tenants, 'tenant')} is ${bytes} of them.`
}
