import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createVerifier, decodeToken } from '@tenantry/core'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, it } from 'vitest'
import * as report from '../src/index.ts'

const src = join(import.meta.dirname, '../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }))

describe('the package', () => {
  it.each(files)('$name runs wherever JavaScript does', ({ text }) => {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    const imports = [...code.matchAll(/from '([^'.][^']*)'/g)].map(([, from]) => from)
    expect(imports.filter((from) => from !== '@tenantry/core')).toEqual([])
    expect(code.replace(/'[^']*'|`[^`]*`/g, '')).not.toMatch(
      /\b(?:process|Buffer|require|document|window|localStorage|console)\b/,
    )
  })

  it('has this surface', () => {
    expect(Object.keys(report).sort()).toMatchInlineSnapshot(`
      [
        "answerQuestion",
        "cleanToken",
        "clip",
        "closest",
        "compareTokens",
        "count",
        "createReport",
        "escapeText",
        "formatBytes",
        "formatDistance",
        "formatInstant",
        "formatLength",
        "hidesSomething",
        "holdsToken",
        "kindInWords",
        "kindOf",
        "lifeInWords",
        "lifeOf",
        "listNames",
        "looksLikeCredential",
        "looksLikeToken",
        "matrixOf",
        "meaningOfClaim",
        "meaningOfHeader",
        "noteMeanings",
        "notesOf",
        "plainName",
        "printableJson",
        "printableValue",
        "quote",
        "readClaims",
        "readHeader",
        "readTimeClaim",
        "requirementOf",
        "shapeHint",
        "slipOf",
        "subjectInWords",
        "unverifiedHoldings",
        "userfrontRoles",
        "verifiedHoldings",
      ]
    `)
  })

  it('makes a report of any token', async () => {
    const issuer = createTestIssuer()
    const jwt = await issuer.token({ userId: 7, authorization: { acme: { roles: ['admin'] } } })
    await createVerifier({ keys: issuer.keys }).verify(jwt)
    const made = report.createReport({
      jwt,
      decoded: decodeToken(jwt),
      now: new Date(),
      keys: issuer.keys,
    })
    expect(made).toMatchObject({ subject: 'user 7', kind: 'access', bytes: jwt.length })
    expect(made.notes.map(({ id }) => id)).toEqual(['no_audience', 'test_mode'])
    expect(made.header.map(({ name }) => name)).toEqual(['alg', 'typ', 'kid'])
    for (const { name, meaning } of made.claims) expect(meaning, name).toBeTypeOf('string')
  })

  it('names the subject whatever it is', () => {
    const of = (claims: Record<string, string | number>) => report.subjectInWords(claims)
    expect(of({ sub: 'usr_7', userId: 1 })).toBe('usr_7')
    expect(of({ sub: '\u001b[2J' })).toBe('"\\u001b[2J"')
    expect(of({ userId: 'a b' })).toBe('user "a b"')
    expect(of({})).toBe('nobody in particular')
  })

  it('knows what else a text may be', () => {
    expect(report.shapeHint('a.b.c.d.e')).toContain('encrypted')
    expect(report.shapeHint('a.b')).toContain('signature is missing')
    expect(report.shapeHint('opaque')).toContain('opaque')
    expect(report.shapeHint('-----BEGIN PUBLIC KEY-----')).toContain('PEM')
    expect(report.shapeHint('{"keys":[]}')).toContain('JSON')
    expect(report.shapeHint('uf_live_admin_x')).toBeUndefined()
    expect(report.shapeHint('a.b.c')).toBeUndefined()
  })
})
