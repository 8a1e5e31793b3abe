/** Passwords: what is stored, what is compared, and what it may cost. */
import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashPassword, isAcceptablePassword, verifyPassword } from '../../src/index.ts'

const password = 'correct horse battery'

/** As one would make it by hand from RFC 7914 and the form of PHC. */
function storedBy(ln: number, r: number, p: number, text = password): string {
  const salt = Buffer.alloc(16, 7)
  const hash = scryptSync(text, salt, 32, { N: 2 ** ln, r, p, maxmem: 2 ** 28 })
  const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`
}

describe('a password', () => {
  it('is stored with its parameters and a salt of its own, and not as it is', async () => {
    const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)])
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(other)
    expect(one).not.toContain(password)
  })

  it('is recognised, and no other is', async () => {
    const stored = await hashPassword(password)
    expect(await verifyPassword(password, stored)).toBe(true)
    expect(await verifyPassword(`${password} `, stored)).toBe(false)
    expect(await verifyPassword('', stored)).toBe(false)
  })

  it('is recognised with the parameters that are stored, whichever are ours today', async () => {
    expect(await verifyPassword(password, storedBy(14, 8, 1))).toBe(true)
    expect(await verifyPassword('another one', storedBy(14, 8, 1))).toBe(false)
  })

  it('is the same in every encoding of Unicode, and not in another alphabet', async () => {
    const stored = await hashPassword('caf\u00e9 au lait')
    expect(await verifyPassword('cafe\u0301 au lait', stored)).toBe(true)
    expect(await verifyPassword('cafe au lait', stored)).toBe(false)
  })

  it('of nobody is none, whatever it is', async () => {
    expect(await verifyPassword(password, undefined)).toBe(false)
  })
})

describe('what is stored and was not made here', () => {
  it.each([
    ['empty', ''],
    ['the password itself', password],
    ['bcrypt', '$2b$10$abcdefghijklmnopqrstuuGbqB3vQx1vKqCwO5rP8rVYgPqJ5kq4W'],
    ['without a hash', storedBy(10, 8, 1).slice(0, -43)],
    ['longer', `${storedBy(10, 8, 1)}A`],
    ['a line more', `${storedBy(10, 8, 1)}\n`],
    ['too cheap', storedBy(9, 8, 1)],
    ['no memory', storedBy(10, 8, 1).replace('r=8', 'r=0')],
    // These would take gigabytes, or minutes.
    ['too much memory', storedBy(10, 8, 1).replace('ln=10', 'ln=30')],
    ['too wide', storedBy(10, 8, 1).replace('ln=10,r=8', 'ln=17,r=64')],
    ['too long', storedBy(10, 8, 1).replace('ln=10,r=8,p=1', 'ln=17,r=8,p=99')],
  ])('matches nothing: %s', async (_, stored) => {
    expect(await verifyPassword(password, stored)).toBe(false)
  })
})

describe('what can be a password', () => {
  it.each([
    ['eight characters', 'abcdefgh', true],
    ['eight emojis', '\u{1F600}'.repeat(8), true],
    ['1,024 bytes', 'é'.repeat(512), true],
    ['seven', 'abcdefg', false],
    ['four emojis', '\u{1F600}'.repeat(4), false],
    ['1,025 bytes', `${'é'.repeat(512)}a`, false],
    ['half of a pair', 'abcdefgh\ud800', false],
    ['a number', 12_345_678, false],
    ['a list', ['abcdefgh'], false],
    ['nothing', undefined, false],
  ])('%s: %s', async (_, value, isOne) => {
    expect(isAcceptablePassword(value)).toBe(isOne)
    if (isOne || typeof value !== 'string') return
    await expect(hashPassword(value)).rejects.toMatchObject({ code: 'option_invalid' })
    await expect(hashPassword(value)).rejects.not.toThrow(value)
  })

  it('is not hashed when it is too long: no work for megabytes', async () => {
    const long = 'a'.repeat(1025)
    expect(await verifyPassword(long, storedBy(14, 8, 1, long))).toBe(false)
  })
})
