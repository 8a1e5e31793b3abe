/** Attacks on the request: where the token is, how often, and on what (rows R1 to R12). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Application, frameworks } from './support/applications.ts'
import { callers } from './support/callers.ts'
import { send } from './support/raw-request.ts'
import {
  expectAnswer,
  expectedOn,
  forbidden,
  insufficient,
  invalid,
  malformed,
  missing,
  passes,
  type Row,
} from './support/rows.ts'

const { admin, again, member } = callers
const get = 'GET /tenants/acme/widgets HTTP/1.1'
const bearer = `Authorization: Bearer ${admin}`

function header(row: string, title: string, value: string, expected: Row['expected']): Row {
  return { row, title, lines: [get, `Authorization: ${value}`], expected }
}

const rows: readonly Row[] = [
  { row: 'R1', title: 'no Authorization header', lines: [get], expected: missing },
  header('R1', 'an empty header', '', missing),
  header('R2', 'Basic', 'Basic YTpi', missing),
  header('R2', 'another scheme with a good token', `DPoP ${admin}`, missing),
  // Section 7: a name that only begins like the scheme is another scheme.
  header('R2', 'a colon after the scheme', `Bearer: ${admin}`, missing),
  header('R2', 'no space after the scheme', `Bearer${admin}`, missing),
  header('R3', 'a scheme alone', 'Bearer', malformed),
  header('R3', 'a scheme and spaces', 'Bearer   ', malformed),
  header('R3', 'a tab', `Bearer\t${admin}`, malformed),
  header('R3', 'an inner space', `Bearer ${admin} x`, malformed),
  header('R3', 'a list', `Bearer ${admin},${admin}`, malformed),
  header('R3', 'a list of credentials', `Bearer ${admin}, Bearer ${admin}`, malformed),
  header('R3', 'quotes', `Bearer "${admin}"`, malformed),
  header('R3', 'a character outside of ASCII', `Bearer ${admin}\xe9`, malformed),
  header('R4', 'lower case', `bearer ${admin}`, passes),
  header('R4', 'upper case', `BEARER ${admin}`, passes),
  header('R4', 'two spaces', `Bearer  ${admin}`, passes),
  { row: 'R5', title: 'the header twice', lines: [get, bearer, bearer], expected: malformed },
  {
    row: 'R5',
    title: 'the header twice, in other letters',
    lines: [get, bearer, `AUTHORIZATION: Bearer ${again}`],
    expected: malformed,
  },
  {
    row: 'R5',
    title: 'another scheme first',
    lines: [get, 'Authorization: Basic YTpi', bearer],
    expected: malformed,
  },
  {
    // Section 7: the query is never read, so a token there is none.
    row: 'R6',
    title: 'in the header and in the query',
    lines: [`GET /tenants/acme/widgets?access_token=${again} HTTP/1.1`, bearer],
    expected: passes,
  },
  {
    row: 'R6',
    title: 'in the body alone',
    lines: ['POST /tenants/acme/widgets HTTP/1.1', 'Content-Type: application/json'],
    body: JSON.stringify({ access_token: admin }),
    expected: missing,
  },
  {
    row: 'R7',
    title: 'in the query',
    lines: [`GET /tenants/acme/widgets?access_token=${admin} HTTP/1.1`],
    expected: missing,
  },
  header('R8', 'more than 8 KiB', `Bearer ${'a'.repeat(8193)}`, [
    401,
    'token_too_large',
    'invalid_token',
  ]),
  header('R8', 'more than Node reads', `Bearer ${'a'.repeat(20_000)}`, [431]),
  {
    row: 'R9',
    title: 'a guarded OPTIONS route',
    lines: ['OPTIONS /preflight/acme HTTP/1.1', 'Access-Control-Request-Headers: authorization'],
    expected: missing,
  },
  {
    row: 'R9',
    title: 'a real preflight of it',
    lines: [
      'OPTIONS /preflight/acme HTTP/1.1',
      'Origin: https://a.example',
      'Access-Control-Request-Method: GET',
      'Access-Control-Request-Headers: authorization',
    ],
    expected: missing,
  },
  {
    // Express answers OPTIONS by itself where there is a GET route; no handler runs.
    row: 'R9',
    title: 'OPTIONS on a GET route',
    lines: ['OPTIONS /tenants/acme/widgets HTTP/1.1'],
    expected: [404],
    except: { express: [200] },
  },
  {
    row: 'R9',
    title: 'a guarded OPTIONS route with a token',
    lines: ['OPTIONS /preflight/acme HTTP/1.1', bearer],
    expected: passes,
  },
  {
    row: 'R9',
    title: 'a guarded OPTIONS route of another tenant',
    lines: ['OPTIONS /preflight/evil HTTP/1.1', bearer],
    expected: forbidden,
  },
  {
    row: 'R10',
    title: 'HEAD with a token',
    lines: ['HEAD /tenants/acme/widgets HTTP/1.1', bearer],
    expected: passes,
  },
  {
    row: 'R11',
    title: 'X-HTTP-Method-Override',
    lines: [
      'POST /tenants/acme/name HTTP/1.1',
      'X-HTTP-Method-Override: GET',
      `Authorization: Bearer ${member}`,
    ],
    body: '',
    expected: insufficient,
  },
  {
    row: 'R12',
    title: 'an absolute target',
    lines: ['GET http://evil.example/tenants/acme/widgets HTTP/1.1', bearer],
    expected: passes,
  },
  {
    row: 'R12',
    title: 'an absolute target without a token',
    lines: ['GET http://evil.example/tenants/acme/widgets HTTP/1.1'],
    expected: missing,
  },
  {
    row: 'R12',
    title: 'an absolute target of another tenant',
    lines: ['GET http://acme.example/tenants/evil/widgets HTTP/1.1', bearer],
    expected: forbidden,
  },
  {
    row: 'R12',
    title: 'a tenant in the host',
    lines: ['GET /domain HTTP/1.1', 'Host: acme.example', bearer],
    expected: passes,
  },
  {
    row: 'R12',
    title: 'a host that is no tenant',
    lines: ['GET http://acme.example/domain HTTP/1.1', 'Host: ac%6de.example', bearer],
    expected: invalid,
  },
]

describe.each(frameworks)('$name', (framework) => {
  let usual: Application
  let joining: Application
  let withCookie: Application
  let everywhere: Application
  beforeAll(async () => {
    usual = await framework.start()
    joining = await framework.start({ joinDuplicateHeaders: true })
    withCookie = await framework.start({ cookie: 'session' })
    everywhere = await framework.start({ everywhere: 'auth' })
  })
  afterAll(async () => {
    for (const app of [usual, joining, withCookie, everywhere]) await app.close()
  })

  test.each(rows)('$row: $title', async (row) => {
    expectAnswer(await send(usual.port, row.lines, row.body), expectedOn(row, framework))
  })

  test('R5: the header twice is refused where Node joins it', async () => {
    expectAnswer(await send(joining.port, [get, bearer, bearer]), malformed)
    expectAnswer(await send(joining.port, [get, bearer]), passes)
  })

  test.each([
    ['the same token twice', [bearer, `Cookie: session=${admin}`], passes],
    ['a quoted cookie', [`Cookie: a=b; session="${admin}"`], passes],
    ['an empty cookie', ['Cookie: session='], missing],
    ['two tokens', [bearer, `Cookie: session=${again}`], multiple()],
    ['two cookies', [`Cookie: session=${admin}; session=${admin}`], multiple()],
    ['two cookie headers', [`Cookie: session=${admin}`, `Cookie: session=${again}`], multiple()],
  ])('R6: header and cookie: %s', async (_title, lines, expected) => {
    expectAnswer(await send(withCookie.port, [get, ...lines]), expected)
  })

  test('R9: a guard before everything refuses OPTIONS as well', async () => {
    expectAnswer(await send(everywhere.port, ['OPTIONS /tenants/acme/widgets HTTP/1.1']), missing)
  })

  test('R10: HEAD is for the handler of GET, and for whom it lets in', async () => {
    const ask = async (token: string) => {
      const before = usual.reached.length
      const lines = ['HEAD /tenants/acme/widgets HTTP/1.1', `Authorization: Bearer ${token}`]
      const { status, body } = await send(usual.port, lines)
      return [status, body, usual.reached.slice(before)]
    }
    expect(await ask(admin)).toEqual([200, '', ['/tenants/:tenantId/widgets']])
    expect(await ask(member)).toEqual([403, '', []])
  })

  test('R10: HEAD is refused with the headers of GET', async () => {
    const line = 'HEAD /tenants/acme/widgets HTTP/1.1'
    const [head, full] = [await send(usual.port, [line]), await send(usual.port, [get])]
    expect(head.status).toBe(401)
    expect(head.body).toBe('')
    for (const name of ['content-type', 'content-length', 'cache-control', 'www-authenticate']) {
      expect(head.headers.get(name), name).toEqual(full.headers.get(name))
    }
  })
})

function multiple(): Row['expected'] {
  return [400, 'credentials_multiple', 'invalid_request']
}
