/** The JSON reader agrees with JSON.parse wherever no member is there twice, and refuses the rest. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { parseJsonObject } from '../../src/token/json.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** A JSON value as it is written: an object may name a member as often as it likes. */
type Tree =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly Tree[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Tree])[] }

const names = fc.oneof(
  fc.constantFrom('a', 'b', 'exp', '', '__proto__', 'constructor', 'toString', '0', '1', '"', '\\'),
  fc.string({ unit: 'binary', maxLength: 6 }),
)

const scalar: fc.Arbitrary<Tree> = fc
  .oneof(
    fc.constantFrom('null', 'true', '0', '-0', '1e21', '5e-324', '":"', '"{"', '"\\""', '"\\\\"'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.string({ unit: 'binary', maxLength: 10 }).map((value) => JSON.stringify(value)),
  )
  .map((text): Tree => ({ kind: 'plain', text }))

const { object } = fc.letrec<{ value: Tree; object: Tree }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    tie('object'),
    fc.array(tie('value'), { maxLength: 4 }).map((items): Tree => ({ kind: 'array', items })),
  ),
  object: fc
    .array(fc.tuple(names, tie('value')), { maxLength: 5 })
    .map((members): Tree => ({ kind: 'object', members })),
}))

/** Writes the value, with spaces and with names escaped or not as the numbers say. */
function write(tree: Tree, taste: readonly number[]): string {
  let step = 0
  const next = (): number => taste[step++ % taste.length] ?? 0
  const space = (): string => ['', ' ', '\n\t', '\r'][next() % 4] ?? ''
  const name = (text: string): string =>
    next() % 3 === 0 ? `"${[...text].map(escaped).join('')}"` : JSON.stringify(text)
  const list = (parts: readonly string[]): string => parts.join(`${space()},${space()}`)
  const visit = (value: Tree): string => {
    if (value.kind === 'plain') return value.text
    if (value.kind === 'array') return `[${space()}${list(value.items.map(visit))}${space()}]`
    const members = value.members.map(([key, item]) => `${name(key)}${space()}:${visit(item)}`)
    return `{${space()}${list(members)}${space()}}`
  }
  return space() + visit(tree) + space()
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}

function hasDuplicate(tree: Tree): boolean {
  if (tree.kind === 'plain') return false
  if (tree.kind === 'array') return tree.items.some(hasDuplicate)
  const keys = tree.members.map(([key]) => key)
  return new Set(keys).size < keys.length || tree.members.some(([, value]) => hasDuplicate(value))
}

const taste = fc.array(fc.nat(11), { minLength: 7, maxLength: 7 })

describe('The JSON reader', () => {
  it('reads what JSON.parse reads, and refuses exactly the texts with a duplicate member', () => {
    let duplicates = 0
    let sound = 0
    fc.assert(
      fc.property(object, taste, (tree, numbers) => {
        const text = write(tree, numbers)
        const expected = hasDuplicate(tree) ? 'duplicate_member' : JSON.stringify(JSON.parse(text))
        const actual = parseJsonObject(text)
        expect(typeof actual === 'string' ? actual : JSON.stringify(actual)).toBe(expected)
        if (expected === 'duplicate_member') duplicates++
        else sound++
      }),
      { numRuns: 5000 },
    )
    expect(Math.min(duplicates, sound)).toBeGreaterThan(200)
  })

  it('refuses a duplicate that somebody adds to sound JSON, at any depth', () => {
    fc.assert(
      fc.property(names, fc.jsonValue(), fc.nat(30), taste, (key, value, depth, numbers) => {
        const plain: Tree = { kind: 'plain', text: JSON.stringify(value) }
        let tree: Tree = {
          kind: 'object',
          members: [
            [key, plain],
            ['between', plain],
            [key, plain],
          ],
        }
        for (let level = 0; level < depth; level++) {
          tree =
            (numbers[level % 7] ?? 0) % 2 === 0
              ? { kind: 'array', items: [tree] }
              : { kind: 'object', members: [['inner', tree]] }
        }
        const text = write({ kind: 'object', members: [['outer', tree]] }, numbers)
        expect(() => JSON.parse(text)).not.toThrow()
        expect(['duplicate_member', 'too_deep']).toContain(parseJsonObject(text))
        if (depth < 20 && typeof value !== 'object') {
          expect(parseJsonObject(text)).toBe('duplicate_member')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses a duplicate that takes the room which numbers leave when they are written short', () => {
    const short = fc.constantFrom('1e15', '1e14', '-12e13', '1e12', '4e9', '7e6', '1E3', '1e21')
    fc.assert(
      fc.property(fc.array(short, { minLength: 1, maxLength: 6 }), (numbers) => {
        const longest = numbers.map((number) => String(Number(number)).length - number.length)
        const room = longest.reduce((sum, saved) => sum + Math.max(0, saved), 0)
        fc.pre(room > 5)
        const list = `"list":[${numbers.join(',')}]`
        const member = `"${'n'.repeat(room - 5)}":1`
        const text = `{${list},${member},${member}}`
        // As long as it is without the duplicate when nothing is written short.
        expect(JSON.stringify(JSON.parse(text)).length).toBeLessThanOrEqual(text.length)
        expect(parseJsonObject(text)).toBe('duplicate_member')
        expect(parseJsonObject(`{${list},${member}}`)).toBeTypeOf('object')
      }),
    )
  })

  it('calls broken what JSON.parse throws for, and never throws itself', () => {
    const broken = fc
      .tuple(object, taste, fc.nat(), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([tree, numbers, at, remove, insert]) => {
        const text = write(tree, numbers)
        const start = at % (text.length + 1)
        return text.slice(0, start) + insert + text.slice(start + remove)
      })
    fc.assert(
      fc.property(fc.oneof(broken, fc.string(), fc.json()), (text) => {
        const result = parseJsonObject(text)
        let parsed: unknown
        try {
          parsed = JSON.parse(text)
        } catch {
          expect(['syntax', 'too_deep']).toContain(result)
          return
        }
        const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
        if (!isObject) expect(['syntax', 'too_deep']).toContain(result)
        else if (typeof result !== 'string')
          expect(JSON.stringify(result)).toBe(JSON.stringify(parsed))
        else expect(result).toMatch(/^(duplicate_member|too_deep|number_range|unicode)$/)
      }),
      { numRuns: 5000 },
    )
  })

  it('refuses a surrogate without its partner wherever it is written', () => {
    const lone = fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => `\\u${unit.toString(16)}`)
    const place = fc.constantFrom(
      (text: string) => `{"${text}":1}`,
      (text: string) => `{"a":"${text}"}`,
      (text: string) => `{"a":[{"b":"x${text}y"}]}`,
      (text: string) => `{"a":{"${text}":{}}}`,
    )
    fc.assert(
      fc.property(lone, place, (text, put) => {
        expect(parseJsonObject(put(text))).toBe('unicode')
        expect(parseJsonObject(put('\\ud83d\\ude00'))).toBeTypeOf('object')
      }),
    )
  })
})
