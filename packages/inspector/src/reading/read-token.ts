/** From what was pasted to a decoded token. */
import { type DecodedToken, decodeToken, isTenantryError } from '@tenantry/core'
import { cleanToken, shapeHint } from '@tenantry/report'

/** What became of the pasted text. */
export type TokenReading =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'unreadable'
      readonly code: string
      readonly message: string
      readonly hint: string | undefined
    }
  | {
      readonly kind: 'read'
      readonly jwt: string
      readonly decoded: DecodedToken
      /** The member of a JSON response that it was taken from. */
      readonly member: string | undefined
    }

/** A token that could be read. */
export type ReadToken = Extract<TokenReading, { kind: 'read' }>

/** Cleans and decodes; nothing is believed. */
export function readToken(text: string): TokenReading {
  const { jwt, member } = cleanToken(text)
  if (jwt === '') return { kind: 'empty' }
  try {
    return { kind: 'read', jwt, decoded: decodeToken(jwt), member }
  } catch (error) {
    if (!isTenantryError(error)) throw error
    return {
      kind: 'unreadable',
      code: error.code,
      message: error.message,
      hint: shapeHint(jwt),
    }
  }
}
