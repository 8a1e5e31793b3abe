/** Attacks on the tenant parameter (rows P1 to P17). Routers decode it once and keep all else. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Application, frameworks } from './support/applications.ts'
import { callers } from './support/callers.ts'
import { send } from './support/raw-request.ts'
import {
  conflict,
  type Expected,
  expectAnswer,
  expectedOn,
  forbidden,
  invalid,
  missing,
  passes,
  type Row,
  unresolved,
} from './support/rows.ts'

const bearer = `Authorization: Bearer ${callers.both}`

function path(row: string, target: string, expected: Expected, except: Row['except'] = {}): Row {
  return { row, title: target, lines: [`GET ${target} HTTP/1.1`, bearer], expected, except }
}

function tenant(row: string, id: string, expected: Expected, except: Row['except'] = {}): Row {
  return path(row, `/tenants/${id}/widgets`, expected, except)
}

function query(row: string, text: string, expected: Expected, except: Row['except'] = {}): Row {
  return path(row, `/tenants/acme/widgets?${text}`, expected, except)
}

function body(title: string, text: string, expected: Expected): Row {
  const lines = ['POST /tenants/acme/widgets HTTP/1.1', bearer, 'Content-Type: application/json']
  return { row: 'P10', title, lines, body: text, expected }
}

function sent(json: string, expected: Expected): Row {
  const lines = ['GET /sent HTTP/1.1', bearer, `X-Tenant: ${json}`]
  return { row: 'P9', title: `getTenantId finds ${json}`, lines, expected }
}

const rows: readonly Row[] = [
  tenant('P1', 'ACME', forbidden),
  tenant('P1', 'Acme', forbidden),
  tenant('P2', '%61cme', passes),
  tenant('P3', 'acme%252Fevil', invalid),
  tenant('P3', '%2561cme', invalid),
  ...['acme%2Fevil', '..%2fx', '.', '..', '%2e%2e'].map((id) => tenant('P4', id, invalid)),
  ...['%20acme', 'acme%20', '%00', 'acme%00', '%0d%0a', 'acme%E2%80%8B', 'acme.'].map((id) =>
    tenant('P5', id, invalid),
  ),
  tenant('P5', 'acm%C3%A9', invalid),
  tenant('P5', 'acme%CC%81', invalid),
  tenant('P5', 'acme%3Bv=1', invalid),
  // Fastify 4 takes a semicolon as the beginning of the query, so that no route matches.
  tenant('P5', 'acme;v=1', invalid, { 'Fastify 4': [404] }),
  // Section 7: `__proto__` is nobody's tenant, and the others are own keys or none.
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString'].map((id) =>
    tenant('P6', id, forbidden),
  ),
  // The Express routers do not match an empty parameter.
  tenant('P7', '', invalid, { express: [404] }),
  tenant('P8', 'a'.repeat(64), forbidden),
  tenant('P8', 'a'.repeat(65), invalid),
  // Fastify has a longest parameter of its own: 5 says so, and to 4 it is no route.
  tenant('P8', 'a'.repeat(101), invalid, { 'Fastify 5': [414], 'Fastify 4': [404] }),
  // Section 7: what is in the query is no tenant but a conflict. Only Express 4 reads brackets.
  query('P9', 'tenantId=acme', passes),
  query('P9', 'tenantId=acme&tenantId=acme', conflict),
  query('P9', 'tenantId=acme&tenantId=evil', conflict),
  query('P9', 'tenantId[]=acme', passes, { 'Express 4': conflict }),
  query('P9', 'tenantId[roles]=x', passes, { 'Express 4': conflict }),
  query('P9', 'tenantId=', conflict),
  // A list or an object that reads like a tenant is none.
  path('P9', '/list/acme', invalid, { 'Express 4': passes, fastify: [404] }),
  path('P9', '/list/acme/evil', invalid, { fastify: [404] }),
  sent('"acme"', passes),
  ...['["acme"]', '[["acme"]]', '{"toString":"acme"}', '7', 'true', '""', '"acme\\u0000"'].map(
    (json) => sent(json, invalid),
  ),
  sent('"__proto__"', forbidden),
  sent('null', unresolved),
  query('P10', 'tenantId=evil', conflict),
  query('P10', 'tenant%49d=evil', conflict),
  query('P10', '__proto__[tenantId]=evil', passes),
  path('P10', '/tenants/acme/widgets;tenantId=evil', [404], { 'Fastify 4': conflict }),
  body('the same in the body', '{"tenantId":"acme"}', passes),
  body('another one in the body', '{"tenantId":"evil"}', conflict),
  body('null in the body', '{"tenantId":null}', conflict),
  body('a list in the body', '{"tenantId":["acme"]}', conflict),
  {
    // Section 7: query and body are compared. A header is nowhere read as a tenant.
    row: 'P10',
    title: 'another one in a header',
    lines: ['GET /tenants/acme/widgets HTTP/1.1', bearer, 'X-Tenant-Id: evil', 'tenantId: evil'],
    expected: passes,
  },
  // A prefix of Fastify is a part of the path, so that its routes do see the parameter.
  path('P11', '/apart/acme/widgets', unresolved, { fastify: passes }),
  path('P11', '/no-parameter', unresolved),
  path('P11', '/nowhere', unresolved),
  path('P12', '/merged/acme/widgets', passes),
  path('P12', '/merged/other/widgets', forbidden),
  path('P12', '/nested/acme/in/acme', passes),
  // Parent and child saw different tenants; in Fastify there is one route, whose last value wins.
  path('P12', '/nested/acme/in/evil', conflict, { fastify: passes }),
  // A conflict is seen before access is asked for.
  path('P12', '/nested/acme/in/other', conflict, { fastify: forbidden }),
  path('P13', '/files//acme/x', unresolved),
  path('P13', '/files/acme/x', unresolved),
  path('P13', '//tenants/acme/widgets', [404]),
  path('P14', '/tenants/%ff/widgets', [400]),
  path('P14', '/tenants/%/widgets', [400]),
  // Without a slash at the end and in small letters only, for Fastify.
  path('P15', '/TENANTS/acme/Widgets/', passes, { fastify: [404] }),
  path('P15', '/TENANTS/ACME/Widgets/', forbidden, { fastify: [404] }),
  path('P16', '/inside/acme', passes),
  path('P16', '/inside/other', forbidden),
  path('P16', '/sibling/other', passes),
]

describe.each(frameworks)('$name', (framework) => {
  let usual: Application
  let asking: Application
  let checking: Application
  beforeAll(async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    usual = await framework.start()
    asking = await framework.start({ everywhere: 'auth' })
    checking = await framework.start({ everywhere: 'tenant' })
  })
  afterAll(async () => {
    for (const app of [usual, asking, checking]) await app.close()
    vi.restoreAllMocks()
  })

  test.each(rows)('$row: $title', async (row) => {
    const [status, code, error] = expectedOn(row, framework)
    const answer = await send(usual.port, row.lines, row.body)
    if (code === undefined) expect(answer.status, answer.wire).toBe(status)
    else expectAnswer(answer, [status, code, error])
  })

  test('P10, P12: handlers see the tenant that was checked', async () => {
    for (const [target, tenantId] of [
      ['/tenants/%61cme/widgets?tenantId=acme', 'acme'],
      ['/nested/evil/in/evil', 'evil'],
      ['/merged/evil/widgets', 'evil'],
    ]) {
      const answer = await send(usual.port, [`GET ${target} HTTP/1.1`, bearer])
      expect(answer.body).toBe(JSON.stringify({ tenantId, userId: 7 }))
    }
  })

  test('P16: the audit names the sibling that has no guard', () => {
    const open = usual.audit().filter(({ guarded }) => !guarded)
    // Which of two parameters of one name a guard has seen is not for the audit to say.
    const once = open.filter(({ path }) => path.split(':tenantId').length === 2)
    expect([...new Set(once.map((route) => route.path))]).toEqual(['/sibling/:tenantId'])
    expect(usual.audit().map((route) => route.path)).toContain('/inside/:tenantId')
  })

  test('P17: where there is no route, a guard before everything refuses', async () => {
    const line = 'GET /no/such/route HTTP/1.1'
    for (const app of [asking, checking]) expectAnswer(await send(app.port, [line]), missing)
    expect((await send(asking.port, [line, bearer])).status).toBe(404)
    // Section 7: a tenant guard where no route matched is a mistake in the program.
    expectAnswer(await send(checking.port, [line, bearer]), unresolved)
  })
})
