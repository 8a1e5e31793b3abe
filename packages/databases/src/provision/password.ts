/** Passwords as they are stored: scrypt, with its parameters in the stored string. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { ConfigurationError } from '@tenantry/core'

/** 32 MiB and some 200 ms: one of the settings that OWASP's cheat sheet on password storage lists. */
const cost: Cost = { ln: 15, r: 8, p: 3 }

const fewestCharacters = 8
const mostBytes = 1024
const saltBytes = 16
const hashBytes = 32

/** The form of PHC, with a salt of 16 bytes and a hash of 32. */
const storedForm =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

interface Cost {
  /** The power of two that is N. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

interface Stored {
  readonly cost: Cost
  readonly salt: Buffer
  readonly hash: Buffer
}

/** For a user who does not exist: as much work as for one who does, and never a match. */
const nobody: Stored = Object.freeze({
  cost,
  salt: randomBytes(saltBytes),
  hash: randomBytes(hashBytes),
})

/**
 * Whether something can be a password: a well-formed string of at least 8 characters, and of no more
 * than 1,024 bytes. Ask it of what a client sends, before {@link hashPassword} or `provisionTenant`.
 *
 * @example
 * ```ts
 * import { isAcceptablePassword } from '@tenantry/databases'
 *
 * isAcceptablePassword('correct horse battery') // true
 * isAcceptablePassword('short') // false
 * ```
 */
export function isAcceptablePassword(password: unknown): password is string {
  return isShortEnough(password) && Array.from(password).length >= fewestCharacters
}

/** The bound on the bytes keeps the cost of a hash from growing with what somebody sends. */
function isShortEnough(password: unknown): password is string {
  if (typeof password !== 'string' || password.length > mostBytes) return false
  return password.isWellFormed() && Buffer.byteLength(password) <= mostBytes
}

/**
 * Hashes a password with scrypt and a salt of its own. The answer has everything that
 * {@link verifyPassword} needs: store it in the tenant's database, and nowhere else.
 *
 * @throws {ConfigurationError} `option_invalid` for what {@link isAcceptablePassword} refuses
 *
 * @example
 * ```ts
 * import { hashPassword } from '@tenantry/databases'
 *
 * const stored = await hashPassword('correct horse battery') // $scrypt$ln=15,r=8,p=3$...
 * ```
 */
export async function hashPassword(password: string): Promise<string> {
  if (!isAcceptablePassword(password)) {
    throw new ConfigurationError(
      'option_invalid',
      `A password has at least ${fewestCharacters} characters, and at most ${mostBytes} bytes. ` +
        'Ask isAcceptablePassword first.',
    )
  }
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, cost)
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${encode(salt)}$${encode(hash)}`
}

/**
 * Whether it is the password that was hashed. The comparison takes the same time wherever the two
 * differ, and a user who does not exist (`undefined`) costs what one who does would: the time of an
 * answer tells nobody who has an account.
 *
 * @param stored - what {@link hashPassword} answered; undefined for a user who does not exist
 *
 * @example
 * ```ts
 * import { hashPassword, verifyPassword } from '@tenantry/databases'
 *
 * const stored = await hashPassword('correct horse battery')
 * await verifyPassword('correct horse battery', stored) // true
 * await verifyPassword('correct horse battery', undefined) // false, and no sooner
 * ```
 */
export async function verifyPassword(
  password: string,
  stored: string | undefined,
): Promise<boolean> {
  // Says something of what was sent, and nothing of who exists.
  if (!isShortEnough(password)) return false
  const known = stored === undefined ? undefined : readStored(stored)
  const { cost, salt, hash } = known ?? nobody
  const isEqual = timingSafeEqual(await derive(password, salt, cost), hash)
  return known !== undefined && isEqual
}

/** Undefined for what was not made here, or would cost more than anything that was. */
function readStored(text: string): Stored | undefined {
  const [, ln, r, p, salt = '', hash = ''] = storedForm.exec(text) ?? []
  if (ln === undefined) return undefined
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  if (!isBounded(cost)) return undefined
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

/** No more than 128 MiB, and three times the work of ours. */
function isBounded({ ln, r, p }: Cost): boolean {
  if (ln < 10 || ln > 17 || r < 1 || p < 1) return false
  return 2 ** ln * r <= 2 ** 20 && 2 ** ln * r * p <= 3 * 2 ** 20
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln
  const options: ScryptOptions = { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 }
  return new Promise((resolve, reject) => {
    // The same letters in another encoding of Unicode are the same password.
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
