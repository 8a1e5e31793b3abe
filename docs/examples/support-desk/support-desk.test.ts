/** The servers as `npm start` starts them, asked over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { absence } from '../mongodb.ts'
import {
  ask as askAt,
  type StartedExample,
  send,
  sendText,
  startExample,
  withoutMongo,
} from '../started.ts'

const last = 'credentials_missing'
let example: StartedExample

beforeAll(async () => {
  example = await startExample('support-desk', last)
}, 120_000)
afterAll(() => example?.stop())

/** The token of a request that the example prints. */
function callerOf(comment: string): string {
  const request = example.requests.find((one) => one.comment.includes(comment))
  return request?.headers['authorization'] ?? ''
}

const callers = {
  acme: 'for an agent of Acme',
  globex: 'those of Globex',
  member: 'a member, and no agent',
  nobody: 'of no organization',
} as const

const onMongoose = ['Express on Mongoose', 'Fastify on Mongoose']
const servers = ['Express on PostgreSQL', 'Fastify on PostgreSQL', ...onMongoose]

describe.each(servers)('%s', (name) => {
  const isAbsent = absence !== undefined && onMongoose.includes(name)

  describe.skipIf(isAbsent)(isAbsent ? `SKIPPED: ${absence}` : 'the support desk', () => {
    /** Tickets that are added here, so that the servers of one database stay out of each other's way. */
    const number = 100 + servers.indexOf(name)

    function ask(
      caller: keyof typeof callers | undefined,
      path: string,
      method?: string,
      body?: object,
    ): ReturnType<typeof askAt> {
      const token = caller === undefined ? undefined : callerOf(callers[caller])
      return askAt(`${urlOf()}${path}`, token, method, body)
    }

    const urlOf = () => new RegExp(`^(http\\S+) +${name}`, 'm').exec(example.output)?.[1]

    const ticket = (organizationId: string, orderNumber: number, subject: string) => ({
      organizationId,
      orderNumber,
      subject,
      status: 'open',
    })

    it('answers each organization with its own rows, whose numbers are the same', async () => {
      expect(await ask('acme', '/tenants/acme/organization')).toEqual({
        status: 200,
        body: { organizationId: 'acme', name: 'Acme' },
      })
      expect((await ask('globex', '/tenants/globex/users')).body).toEqual([
        { organizationId: 'globex', email: 'gus@globex.example' },
      ])
      expect((await ask('member', '/tenants/acme/tickets')).body).toEqual([
        ticket('acme', 1, 'A gear is loose'),
        ticket('acme', 2, 'A spring is missing'),
      ])
      expect((await ask('globex', '/tenants/globex/tickets')).body).toEqual([
        ticket('globex', 1, 'The invoice is wrong'),
      ])
      const one = await ask('globex', '/tenants/globex/tickets/1')
      expect(one.body).toEqual(ticket('globex', 1, 'The invoice is wrong'))
    })

    it.each([
      ['GET', 'organization'],
      ['GET', 'users'],
      ['GET', 'tickets'],
      ['POST', 'tickets'],
      ['GET', 'tickets/1'],
      ['PATCH', 'tickets/1'],
      ['DELETE', 'tickets/1'],
    ])('refuses %s of the %s of another organization: 403', async (method, path) => {
      const body = method === 'GET' ? undefined : { orderNumber: 9, subject: 'of acme' }
      const refused = await ask('acme', `/tenants/globex/${path}`, method, body)
      expect(refused).toMatchObject({ status: 403, body: { code: 'tenant_forbidden' } })
      expect((await ask('globex', '/tenants/globex/tickets')).body).toHaveLength(1)
    })

    it('finds nothing by a filter that asks for another organization', async () => {
      const filtered = async (query: string) => await ask('acme', `/tenants/acme/tickets?${query}`)
      expect(await filtered('organizationId=globex')).toEqual({ status: 200, body: [] })
      expect((await filtered('organizationId=acme&status=open')).body).toHaveLength(2)
      expect((await filtered('status=closed')).body).toEqual([])
      for (const odd of ['status=odd', 'subject=a&subject=b', 'subject=']) {
        expect((await filtered(odd)).status).toBe(400)
      }
      expect((await filtered('tenantId=globex')).status).toBe(400)
    })

    it('writes to its own rows only, whatever the body says', async () => {
      const path = '/tenants/acme/tickets'
      const added = { orderNumber: number, subject: 'new' }
      const forged = { ...added, organizationId: 'globex' }
      expect(await ask('acme', path, 'POST', forged)).toEqual({
        status: 201,
        body: ticket('acme', number, 'new'),
      })
      const taken = await ask('acme', path, 'POST', added)
      expect(taken).toMatchObject({ status: 409, body: { code: 'duplicate_key' } })
      // What Fastify would say by itself, of every error.
      expect(taken.body).not.toHaveProperty('message')
      const moved = { organizationId: 'globex', status: 'closed' }
      expect((await ask('acme', `${path}/${number}`, 'PATCH', moved)).body).toEqual({
        ...ticket('acme', number, 'new'),
        status: 'closed',
      })

      const foreign = `/tenants/globex/tickets/${number}`
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const body = method === 'GET' ? undefined : { status: 'open' }
        expect((await ask('globex', foreign, method, body)).status).toBe(404)
      }
      expect((await ask('globex', '/tenants/globex/tickets', 'POST', added)).status).toBe(201)
      expect((await ask('globex', foreign, 'DELETE')).status).toBe(204)
      expect((await ask('acme', `${path}/${number}`)).body).toMatchObject({ status: 'closed' })
      expect((await ask('acme', `${path}/${number}`, 'DELETE')).status).toBe(204)
    })

    it('answers everybody with the newsfeed, and nobody without a token', async () => {
      const { status, body } = await ask('nobody', '/newsfeed')
      expect(status).toBe(200)
      expect(body).toEqual([
        { text: 'Tickets can be closed.' },
        { text: 'The platform rests on Sunday.' },
      ])
      expect((await ask('globex', '/newsfeed')).body).toEqual(body)
      expect((await ask(undefined, '/newsfeed')).status).toBe(401)
      expect((await ask(undefined, '/tenants/acme/tickets')).status).toBe(401)
    })

    it('answers what is no request with 400, and tells nothing of itself', async () => {
      const path = '/tenants/acme/tickets'
      const refused = { code: 'body_or_query_invalid' }
      for (const query of ['subject=%00', 'organizationId=%00', 'subject=a%00b']) {
        expect(await ask('acme', `${path}?${query}`)).toEqual({ status: 400, body: refused })
      }
      const bodies = [
        '{',
        'null',
        '[]',
        '['.repeat(50_000),
        '{"orderNumber":9,"subject":"a\\u0000b"}',
      ]
      for (const body of bodies) {
        for (const [method, at] of [
          ['POST', path],
          ['PATCH', `${path}/1`],
        ] as const) {
          const answer = await sendText(`${urlOf()}${at}`, callerOf(callers.acme), body, method)
          expect(answer).toEqual({ status: 400, text: JSON.stringify(refused) })
        }
      }
      const huge = JSON.stringify({ orderNumber: 9, subject: 'x'.repeat(2_000_000) })
      const answer = await sendText(`${urlOf()}${path}`, callerOf(callers.acme), huge)
      expect(answer).toEqual({ status: 413, text: JSON.stringify(refused) })
      expect((await ask('acme', '/tenants/%E0%A4%A/tickets')).status).toBe(400)
    })

    it('lets members read, and agents write', async () => {
      const refused = await ask('member', '/tenants/acme/tickets/1', 'PATCH', { status: 'closed' })
      expect(refused).toMatchObject({ status: 403, body: { code: 'role_insufficient' } })
      expect((await ask('acme', '/tenants/acme/tickets/x')).status).toBe(404)
      expect((await ask('acme', '/tenants/acme/tickets', 'POST', {})).status).toBe(400)
    })
  })
})

it('prints requests that are answered as it says', async () => {
  expect(example.requests).toHaveLength(12)
  for (const request of example.requests) {
    const answer = await send(request)
    expect(`${request.comment} -> ${answer}`).toContain(`-> ${request.expected}`)
  }
})

it('says visibly that Mongoose is left out, where there is no MongoDB', async () => {
  const without = await startExample('support-desk', last, withoutMongo)
  await without.stop()
  expect(without.output).toMatch(/^Mongoose is SKIPPED: there is no MONGODB_URI/m)
  expect(without.output).not.toContain('on Mongoose')
}, 120_000)
