/** The servers as `npm start` starts them, on each database, asked over HTTP. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVerifier, decodeToken } from '@tenantry/core'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findServer } from '../../../packages/postgres/test/support/server.ts'
import { absence } from '../mongodb.ts'
import { ask, type StartedExample, send, sendText, startExample } from '../started.ts'
import { seeds } from './data.ts'

const last = 'administrator_only'
const adminToken = randomBytes(16).toString('hex')
const administrator = `Bearer ${adminToken}`
const frameworks = ['Express', 'Fastify'] as const
type Framework = (typeof frameworks)[number]

const [acme, globex] = seeds

interface LoggedIn {
  readonly accessToken: string
  readonly tenantId: string
}

/** A tenant that no other test has. Its password is drawn, so that it can be looked for everywhere. */
function drawTenant() {
  const slug = `initech-${randomBytes(4).toString('hex')}`
  return {
    slug,
    email: `bill@${slug}.example`,
    password: `stapler ${randomBytes(8).toString('hex')}`,
  }
}

/** Passwords of tenants that were added while it ran. */
const passwords: string[] = []

const server = await findServer()
const databases = [
  ['pglite', 'PGlite', undefined],
  ['postgres', 'PostgreSQL', server === undefined ? 'no server of PostgreSQL answers' : undefined],
  ['mongodb', 'MongoDB', absence],
] as const

afterAll(() => server?.stop())

describe.each(databases)('on %s', (database, name, missing) => {
  describe.skipIf(missing)(
    missing === undefined ? `the tenants on ${name}` : `SKIPPED: ${missing}`,
    () => {
      const adminDatabase = `saas_test_${randomBytes(6).toString('hex')}`
      const directory = join(tmpdir(), `tenantry-${adminDatabase}`)
      const environment = {
        DATABASE: database,
        DATA_DIRECTORY: directory,
        ADMIN_DATABASE: adminDatabase,
        DATABASE_URL: urlOf(server?.database ?? ''),
      }
      let example: StartedExample

      beforeAll(async () => {
        example = await startExample('saas', last, { ...environment, ADMIN_TOKEN: adminToken })
      }, 180_000)
      afterAll(async () => {
        await example?.stop()
        rmSync(directory, { recursive: true, force: true })
        if (database === 'postgres') await dropDatabases(adminDatabase)
      }, 60_000)

      const at = (framework: Framework) =>
        new RegExp(`^(http\\S+) +${framework} on`, 'm').exec(example.output)?.[1] ?? ''
      const logIn = async (framework: Framework, email: string, password: string) =>
        await ask(`${at(framework)}/login`, undefined, 'POST', { email, password })

      async function callerOf(
        framework: Framework,
        { email, password }: { email: string; password: string },
      ) {
        const { status, body } = await logIn(framework, email, password)
        expect(status).toBe(200)
        const { accessToken, tenantId } = body as LoggedIn
        const authorization = `Bearer ${accessToken}`
        return {
          accessToken,
          tenantId,
          authorization,
          ask: (path: string, method?: string, sent?: object, where = framework) =>
            ask(`${at(where)}/tenants/${tenantId}${path}`, authorization, method, sent),
        }
      }

      async function addTenant(framework: Framework, tenant: object, key: string) {
        const response = await fetch(`${at(framework)}/admin/tenants`, {
          method: 'POST',
          headers: {
            authorization: administrator,
            'content-type': 'application/json',
            'idempotency-key': key,
          },
          body: JSON.stringify(tenant),
        })
        return { status: response.status, body: (await response.json()) as { tenantId: string } }
      }

      async function setStatus(framework: Framework, tenantId: string, status: string) {
        const path = `${at(framework)}/admin/tenants/${tenantId}/status`
        return (await ask(path, administrator, 'PUT', { status })).status
      }

      it('prints requests that are answered as it says', async () => {
        expect(example.requests).toHaveLength(16)
        for (const request of example.requests) {
          const answer = await send(request)
          expect(`${request.comment} -> ${answer}`).toContain(`-> ${request.expected}`)
        }
      })

      describe.each(frameworks)('%s', (framework) => {
        const other: Framework = framework === 'Express' ? 'Fastify' : 'Express'

        it('gives a token with the tenant and the role, signed with a key that is published', async () => {
          const { accessToken, tenantId } = await callerOf(framework, acme)
          const { iss } = decodeToken(accessToken).claims
          const verifier = createVerifier({
            keys: `${iss}/.well-known/jwks.json`,
            algorithms: ['ES256'],
            issuer: String(iss),
          })
          const token = await verifier.verify(accessToken)
          expect(Object.entries(token.authorization)).toEqual([
            [tenantId, expect.objectContaining({ roles: ['admin'] })],
          ])
          expect(JSON.stringify(token.claims)).not.toContain(acme.email)
          verifier.close()
        })

        it('answers each tenant from its own database, and nobody from that of another', async () => {
          const ada = await callerOf(framework, acme)
          const gus = await callerOf(framework, globex)
          expect((await gus.ask('/projects')).body).toEqual([{ name: 'Hammock district' }])
          const project = { name: `Tunnel of ${framework}` }
          expect(await ada.ask('/projects', 'POST', project)).toEqual({
            status: 201,
            body: project,
          })
          expect((await ada.ask('/projects', 'POST', project)).status).toBe(409)
          expect((await ada.ask('/projects', 'POST', {})).status).toBe(400)
          expect((await ada.ask('/projects')).body).toContainEqual(project)
          expect((await gus.ask('/projects')).body).toEqual([{ name: 'Hammock district' }])
          expect(await ada.ask('/users')).toEqual({
            status: 200,
            body: [{ email: acme.email, role: 'admin' }],
          })
          for (const path of ['/projects', '/users']) {
            const foreign = `${at(framework)}/tenants/${gus.tenantId}${path}`
            const refused = await ask(foreign, ada.authorization)
            expect(refused).toMatchObject({ status: 403, body: { code: 'tenant_forbidden' } })
            expect((await ask(foreign, undefined)).status).toBe(401)
          }
        })

        it.each(['..%2fadmin', 'admin%00', '$cmd', '%2e%2e', 'a'.repeat(10_000)])(
          'refuses a tenant that none can be: %.12s',
          async (id) => {
            const { authorization } = await callerOf(framework, acme)
            const path = `${at(framework)}/tenants/${id}/projects`
            const { status } = await fetch(path, { headers: { authorization } })
            expect([400, 403, 404, 414]).toContain(status)
          },
        )

        it('does not tell who exists: the same answer to a wrong password and to nobody', async () => {
          const answers = await Promise.all(
            [
              [acme.email, 'something else'],
              ['nobody@acme.example', acme.password],
              [globex.email, acme.password],
              ['no address', acme.password],
            ].map(async ([email, password]) => {
              const response = await fetch(`${at(framework)}/login`, {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ email, password }),
              })
              const { date: _, ...headers } = Object.fromEntries(response.headers)
              return { status: response.status, headers, body: await response.text() }
            }),
          )
          expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
          expect(answers[0]).toMatchObject({ status: 401, body: '{"code":"login_refused"}' })
          const huge = await logIn(framework, acme.email, 'x'.repeat(5000))
          expect(huge.status).toBe(400)
        })

        it('tells nothing of itself to who sends what is no request, and keeps no password of it', async () => {
          const { tenantId, authorization } = await callerOf(framework, acme)
          const projects = `/tenants/${tenantId}/projects`
          const status = (id: string) => `/admin/tenants/${id}/status`
          const broken = JSON.stringify(acme).replace(/}$/, ',}')
          for (const [path, body, method, who, expected] of [
            ['/login', broken, 'POST', undefined, 400],
            ['/login', 'null', 'POST', undefined, 400],
            ['/login', '[]', 'POST', undefined, 400],
            ['/login', JSON.stringify('x'.repeat(20_000)), 'POST', undefined, 413],
            ['/login', '{"email":"a\\u0000@b","password":"\\ud800"}', 'POST', undefined, 401],
            [projects, '{"name":"a\\u0000b"}', 'POST', authorization, 400],
            [projects, '{"name":"a\\ud800b"}', 'POST', authorization, 400],
            [status('a%00b'), '{"status":"suspended"}', 'PUT', administrator, 404],
            [status('%ff'), '{"status":"suspended"}', 'PUT', administrator, 400],
          ] as const) {
            const answer = await sendText(`${at(framework)}${path}`, who, body, method)
            expect([path, body.slice(0, 40), answer.status]).toEqual([
              path,
              body.slice(0, 40),
              expected,
            ])
            expect(answer.text).not.toMatch(/node_modules|<html|SyntaxError|UTF8/)
          }
          // Nor is there a word of it in the log.
          expect(example.complaint).toBe('')
        })

        it('refuses a login that is no JSON, and writes it to no log', async () => {
          const password = `broken ${randomBytes(8).toString('hex')}`
          const login = `{"email":"${acme.email}","password":"${password}"`
          const answer = await sendText(`${at(framework)}/login`, undefined, login)
          expect(answer).toEqual({ status: 400, text: '{"code":"body_or_query_invalid"}' })
          expect(example.output + example.complaint).not.toContain(password)
        })

        it('has no administrator but the one with the token', async () => {
          const { authorization } = await callerOf(framework, acme)
          const pretenders = [
            undefined,
            authorization,
            'Bearer',
            `Bearer ${adminToken}x`,
            adminToken,
          ]
          for (const pretender of pretenders) {
            for (const [path, method, body] of [
              ['/tenants', 'GET', undefined],
              ['/tenants', 'POST', drawTenant()],
              ['/tenants/x/status', 'PUT', { status: 'suspended' }],
              ['/keys', 'POST', undefined],
            ] as const) {
              const answer = await ask(`${at(framework)}/admin${path}`, pretender, method, body)
              expect(answer).toEqual({ status: 401, body: { code: 'administrator_only' } })
            }
          }
          expect((await ask(`${at(framework)}/admin/tenants`, administrator)).status).toBe(200)
        })

        it('adds a tenant once, whose first user can log in', { timeout: 60_000 }, async () => {
          const tenant = drawTenant()
          passwords.push(tenant.password)
          const added = await addTenant(framework, tenant, tenant.slug)
          expect(added).toMatchObject({
            status: 201,
            body: { slug: tenant.slug, status: 'active' },
          })
          const again = await addTenant(other, tenant, tenant.slug)
          expect(again.body.tenantId).toBe(added.body.tenantId)
          const taken = await addTenant(framework, tenant, 'another-key')
          expect(taken).toMatchObject({ status: 409, body: { code: 'duplicate_key' } })
          const bad = await addTenant(framework, { ...tenant, password: 'short' }, 'a-third-key')
          expect(bad.status).toBe(400)

          const bill = await callerOf(framework, tenant)
          expect(bill.tenantId).toBe(added.body.tenantId)
          expect(await bill.ask('/projects')).toEqual({ status: 200, body: [] })
          expect(await bill.ask('/users')).toMatchObject({ body: [{ email: tenant.email }] })
        })

        it('refuses a suspended tenant from the next request on, and no other', async () => {
          const ada = await callerOf(framework, acme)
          const gus = await callerOf(framework, globex)
          expect((await ada.ask('/projects')).status).toBe(200)
          expect(await setStatus(framework, ada.tenantId, 'suspended')).toBe(204)
          for (const where of [framework, other]) {
            const refused = await ada.ask('/projects', 'GET', undefined, where)
            expect(refused).toMatchObject({ status: 403, body: { code: 'tenant_suspended' } })
            expect((await gus.ask('/projects', 'GET', undefined, where)).status).toBe(200)
          }
          // Nor is there a new token, or a word about why.
          expect(await logIn(framework, acme.email, acme.password)).toEqual({
            status: 401,
            body: { code: 'login_refused' },
          })
          expect((await ask(`${at(framework)}/admin/tenants`, administrator)).body).toContainEqual({
            tenantId: ada.tenantId,
            slug: acme.slug,
            status: 'suspended',
          })
          expect(await setStatus(framework, ada.tenantId, 'active')).toBe(204)
          expect((await ada.ask('/projects')).status).toBe(200)
          expect(await setStatus(framework, 'nobody', 'suspended')).toBe(404)
          expect(await setStatus(framework, ada.tenantId, 'deleting')).toBe(400)
        })
      })

      it('signs with the next key after a rotation, and still takes tokens of the last', async () => {
        const rotate = (framework: Framework) =>
          ask(`${at(framework)}/admin/keys`, administrator, 'POST')
        const kidOf = ({ accessToken }: LoggedIn) => String(decodeToken(accessToken).header['kid'])
        const before = await callerOf('Express', acme)
        expect((await rotate('Express')).status).toBe(204)
        const after = await callerOf('Fastify', acme)
        expect(kidOf(after)).not.toBe(kidOf(before))

        const { iss } = decodeToken(after.accessToken).claims
        const { body } = await ask(`${iss}/.well-known/jwks.json`, undefined)
        const { keys } = body as { keys: { kid: string; d?: string }[] }
        const kids = keys.map(({ kid }) => kid)
        // And the one that will be next.
        expect(kids).toHaveLength(3)
        for (const caller of [before, after]) {
          expect(kids).toContain(kidOf(caller))
          for (const framework of frameworks) {
            expect((await caller.ask('/projects', 'GET', undefined, framework)).status).toBe(200)
          }
        }
        expect(JSON.stringify(keys)).not.toContain('"d"')

        // Verifiers may not know the next key yet.
        expect(await rotate('Fastify')).toEqual({ status: 409, body: { code: 'rotated_recently' } })
        expect(kidOf(await callerOf('Express', acme))).toBe(kidOf(after))
      })

      // The last one: it ends the program.
      it('ends on SIGTERM with 0, and has written no password anywhere', {
        timeout: 180_000,
      }, async () => {
        const { tenantId } = await callerOf('Express', globex)
        expect(await setStatus('Express', tenantId, 'suspended')).toBe(204)
        expect({ code: await example.stop(), complaint: example.complaint }).toEqual({
          code: 0,
          complaint: '',
        })
        for (const password of passwords) expect(example.output).not.toContain(password)
        if (database === 'postgres') expectNoPassword(await dump(adminDatabase))
        if (database !== 'pglite') return
        const admin = bytesOf(join(directory, 'admin'))
        expect(admin).toContain('initech-')
        expectNoPassword(admin)
        const tenants = bytesOf(join(directory, 'tenants'))
        expect(tenants).toContain('$scrypt$')
        for (const password of passwords) expect(tenants).not.toContain(password)
      })

      it.skipIf(database !== 'pglite')(
        'goes on where it was, and without ADMIN_TOKEN nobody is an administrator',
        { timeout: 180_000 },
        async () => {
          // The seeds are there, and one of them is suspended: the program prints no requests for it.
          const end = 'there are no requests to try'
          example = await startExample('saas', end, { ...environment, ADMIN_TOKEN: '' })
          expect(example.output).toContain('nobody is an administrator')
          for (const framework of frameworks) {
            for (const pretender of [administrator, 'Bearer ', 'Bearer undefined', undefined]) {
              const refused = await ask(`${at(framework)}/admin/tenants`, pretender)
              expect(refused.status).toBe(401)
            }
            const ada = await callerOf(framework, acme)
            const { body } = await ada.ask('/projects')
            expect(body).toContainEqual({ name: `Tunnel of ${framework}` })
            expect((await logIn(framework, globex.email, globex.password)).status).toBe(401)
          }
        },
      )
    },
  )
})

it.each([
  ['DATABASE', 'mysql'],
  ['ADMIN_TOKEN', 'too short'],
  ['PORT', '99999'],
])('does not start when %s is not right, and does not show what it is', async (name, value) => {
  const start = startExample('saas', last, { [name]: value })
  await expect(start).rejects.toThrow(`These variables are not right: ${name}.`)
  await expect(start).rejects.not.toThrow(value)
})

function expectNoPassword(text: string): void {
  expect(text).not.toContain('$scrypt$')
  for (const password of [...passwords, acme.password, globex.password]) {
    expect(text).not.toContain(password)
  }
}

/** Everything in the files of a folder. */
function bytesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

function urlOf(database: string): string {
  if (server === undefined) return ''
  return `postgres://${server.user}@${server.host}:${server.port}/${database}`
}

async function withClient<Result>(
  database: string,
  run: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: urlOf(database) })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

/** All rows of the admin database. */
async function dump(adminDatabase: string): Promise<string> {
  return await withClient(adminDatabase, async (client) => {
    const { rows } = await client.query(`select table_to_xml(oid, true, false, '') as xml
      from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`)
    const text = JSON.stringify(rows)
    expect(text).toContain('initech-')
    return text
  })
}

async function dropDatabases(adminDatabase: string): Promise<void> {
  const names = await withClient(adminDatabase, async (client) => {
    const { rows } = await client.query('select database_name from tenants')
    return rows.map(({ database_name: name }) => String(name))
  })
  await withClient(server?.database ?? '', async (client) => {
    for (const name of [...names, adminDatabase]) {
      await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
    }
  })
}
