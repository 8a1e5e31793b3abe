/** Addresses of e-mail as the admin database has them. */

/**
 * The one form in which an address is stored and looked for, so that two spellings are not two
 * users; undefined for what is no address. Letters are lower case, and spaces around it are gone.
 *
 * @example
 * ```ts
 * import { canonicalEmail } from '@tenantry/databases'
 *
 * canonicalEmail(' Ada@Acme.example ') // 'ada@acme.example'
 * canonicalEmail('ada') // undefined
 * ```
 */
export function canonicalEmail(email: unknown): string | undefined {
  // RFC 5321 section 4.5.3.1.3: a path has 256 octets at most, of which two are brackets.
  if (typeof email !== 'string' || email.length > 300 || !email.isWellFormed()) return undefined
  // Twice: lower case takes some letters apart, and what is canonical has to stay as it is.
  const canonical = email.normalize('NFC').trim().toLowerCase().normalize('NFC')
  if (Buffer.byteLength(canonical) > 254 || /[\s\p{Cc}]/u.test(canonical)) return undefined
  const [local, domain, ...more] = canonical.split('@')
  return local && domain && more.length === 0 ? canonical : undefined
}
