/** Tokens that are good until somebody edits them, at any stage of their making. */
import { goodClaims, now, segment, signText } from './mint.ts'

export const issuer = 'https://issuer.example'
export const audience = 'api'

/** A token in the making. Each function is applied to what the stage before it wrote. */
export interface Draft {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** The JSON text of the header or the claims, before it becomes bytes. */
  readonly headerJson: (json: string) => string | Uint8Array
  readonly claimsJson: (json: string) => string | Uint8Array
  /** The segments before they are signed. */
  readonly segments: (header: string, payload: string) => string
  /** The token after it was signed. */
  readonly token: (jwt: string) => string
}

export type Edit = (draft: Draft) => Draft

const good: Draft = {
  header: { alg: 'RS256', typ: 'JWT', kid: 'key-1' },
  claims: { ...goodClaims, iss: issuer, aud: audience, nbf: now - 60 },
  headerJson: (json) => json,
  claimsJson: (json) => json,
  segments: (header, payload) => `${header}.${payload}`,
  token: (jwt) => jwt,
}

/** Signs what the edits make of a good token, with RS256. */
export function tokenOf(edits: readonly Edit[]): string {
  const draft = edits.reduce((current, edit) => edit(current), good)
  const header = segment(draft.headerJson(JSON.stringify(draft.header)))
  const payload = segment(draft.claimsJson(JSON.stringify(draft.claims)))
  return draft.token(signText(draft.segments(header, payload)))
}

export const header =
  (members: object): Edit =>
  (draft) => ({ ...draft, header: { ...draft.header, ...members } })

export const claims =
  (members: object): Edit =>
  (draft) => ({ ...draft, claims: { ...draft.claims, ...members } })

/** Replaces the JSON text of the claims; text that is not a string any more stays as it is. */
export const claimsJson =
  (change: (json: string) => string | Uint8Array): Edit =>
  (draft) => ({ ...draft, claimsJson: after(draft.claimsJson, change) })

export const headerJson =
  (change: (json: string) => string | Uint8Array): Edit =>
  (draft) => ({ ...draft, headerJson: after(draft.headerJson, change) })

export const segments =
  (change: (header: string, payload: string) => string): Edit =>
  (draft) => ({ ...draft, segments: change })

export const token =
  (change: (jwt: string) => string): Edit =>
  (draft) => ({ ...draft, token: (jwt) => change(draft.token(jwt)) })

/** Puts raw text in front of the first member. */
export const before = (raw: string) => (json: string) => `{${raw},${json.slice(1)}`

/** A claim with a value that JSON.stringify would not write. */
export const rawClaim =
  (name: string, raw: string): Edit =>
  (draft) => {
    const placeholder = `raw ${name}`
    const put = claimsJson((json) => json.replace(JSON.stringify(placeholder), () => raw))
    return put(claims({ [name]: placeholder })(draft))
  }

function after(
  first: (json: string) => string | Uint8Array,
  second: (json: string) => string | Uint8Array,
): (json: string) => string | Uint8Array {
  return (json) => {
    const text = first(json)
    return typeof text === 'string' ? second(text) : text
  }
}
