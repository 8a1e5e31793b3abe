/** One form of an address, however often it is made. */
import { describe, expect, it } from 'vitest'
import { canonicalEmail } from '../../src/index.ts'

describe('canonicalEmail', () => {
  it.each([
    [' Ada@Acme.Example\t', 'ada@acme.example'],
    ['ZOE\u0308@acme.example', 'zo\u00eb@acme.example'],
    // A dotted capital I with a cedilla: lower case has the marks in another order.
    ['\u0130\u0327@acme.example', 'i\u0327\u0307@acme.example'],
    ['\u0386\u0345@acme.example', '\u1fb4@acme.example'],
  ])('of %j', (email, canonical) => {
    expect(canonicalEmail(email)).toBe(canonical)
    expect(canonicalEmail(canonical)).toBe(canonical)
  })

  it.each([
    '',
    'ada',
    '@acme.example',
    'ada@',
    'ada@acme@example',
    'a da@acme.example',
    'a\0@acme.example',
    '\ud800@acme.example',
    `${'a'.repeat(250)}@b.example`,
    ['ada@acme.example'],
    undefined,
  ])('of %j: it is no address', (email) => {
    expect(canonicalEmail(email)).toBeUndefined()
  })
})
