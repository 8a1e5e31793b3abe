/** What a text that is no signed token may be instead. */

/**
 * A sentence about what this is, for somebody who took it for an access token. Undefined when
 * nothing about it is known, and for what has the shape of a signed token.
 */
export function shapeHint(text: string): string | undefined {
  // Core knows it, and says so.
  if (text.startsWith('uf_')) return undefined
  if (/-----BEGIN/.test(text)) return 'It is a PEM: a key or a certificate, not a token.'
  if (/^\s*[{[]/.test(text)) return 'It is JSON, without an access_token in it.'
  const parts = text.split('.', 6).length
  if (parts === 5) return 'It has five parts: an encrypted token, which only its receiver can read.'
  if (parts === 2) return 'It has two parts: the signature is missing. Was it cut off?'
  if (parts === 1) return 'It has no dots: an opaque token, which only its issuer can look up.'
  return undefined
}
