/** The one spelling that bytes have in base64url (RFC 4648 section 5, without padding). */

/** How many bytes a text of this length can stand for; undefined for a length that no text has. */
export function decodedLength(length: number): number | undefined {
  return length % 4 === 1 ? undefined : (length * 3) >> 2
}

/**
 * Whether no bit is set behind the last byte. Otherwise sixteen different texts would be the same
 * bytes. The text is of the alphabet.
 */
export function endsClean(text: string): boolean {
  const rest = text.length % 4
  if (rest === 0) return true
  const unused = rest === 2 ? 0b1111 : 0b11
  return (sextet(text.charCodeAt(text.length - 1)) & unused) === 0
}

/** The value of one character of the alphabet. */
function sextet(code: number): number {
  if (code >= 0x61) return code - 0x61 + 26
  if (code === 0x5f) return 63
  if (code >= 0x41) return code - 0x41
  if (code === 0x2d) return 62
  return code - 0x30 + 52
}
