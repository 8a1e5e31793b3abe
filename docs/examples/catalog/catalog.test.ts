/** The server as `npm start` starts it, asked over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { absence } from '../mongodb.ts'
import { ask, type StartedExample, send, sendText, startExample, withoutMongo } from '../started.ts'

const missing = { status: 401, body: { code: 'tenant_context_missing' } }

describe.skipIf(absence)(absence ? `catalog: SKIPPED, ${absence}` : 'the catalog', () => {
  let example: StartedExample
  let url: string
  let tokens: Readonly<Record<'a' | 'b', string | undefined>>

  beforeAll(async () => {
    example = await startExample('catalog', 'the catalogs of org-a')
    url = /^(http\S+) /m.exec(example.output)?.[1] ?? ''
    const [a, b] = example.requests.map(({ headers }) => headers['authorization'])
    tokens = { a, b }
  }, 120_000)
  afterAll(() => example?.stop())

  const get = (caller: 'a' | 'b', path: string) => ask(`${url}${path}`, tokens[caller])
  const post = (caller: 'a' | 'b', path: string, body: object) =>
    ask(`${url}${path}`, tokens[caller], 'POST', body)
  const find = (where: string) =>
    get('a', `/organizations/org-a/products?where=${encodeURIComponent(where)}`)
  const productOf = (id: string) => ({ desc: `This product belongs to ${id}`, organizationId: id })

  it('answers each organization with its own rows, whose names are the same', async () => {
    for (const [caller, id] of [
      ['a', 'org-a'],
      ['b', 'org-b'],
    ] as const) {
      const of = async (path: string) => (await get(caller, `/organizations/${id}/${path}`)).body
      expect(await of('products')).toMatchObject([{ name: 'Product-A', ...productOf(id) }])
      expect(await of('orders')).toMatchObject([{ quantity: 2, organizationId: id }])
      expect(await of('users')).toMatchObject([{ email: `buyer@${id}.example` }])
      expect(await of('catalogs')).toMatchObject([
        { title: `Spring at ${id}`, products: [productOf(id)] },
      ])
    }
  })

  it('refuses those of another organization: 403', async () => {
    const forbidden = { status: 403, body: { code: 'tenant_forbidden' } }
    for (const path of ['products', 'catalogs', 'orders', 'users']) {
      expect(await get('a', `/organizations/org-b/${path}`)).toMatchObject(forbidden)
    }
    const body = { name: 'Product-Z', desc: 'of a' }
    expect(await post('a', '/organizations/org-b/products', body)).toMatchObject(forbidden)
    expect((await get('b', '/organizations/org-b/products')).body).toHaveLength(1)
  })

  it('has no direct calls: they are answered with 401, and do nothing', async () => {
    expect(await get('a', '/products')).toMatchObject(missing)
    const body = { name: 'Product-Z', desc: 'of nobody' }
    expect(await post('a', '/products', body)).toMatchObject(missing)
    for (const caller of ['a', 'b'] as const) {
      expect((await get(caller, `/organizations/org-${caller}/products`)).body).toHaveLength(1)
    }
  })

  it.each([
    '{"organizationId":"org-b"}',
    '{"$nor":[{"organizationId":"org-a"}]}',
    '{"$and":[{"organizationId":"org-b"},{"name":"Product-A"}]}',
  ])('finds nothing by the forged where %s', async (where) => {
    expect(await find(where)).toEqual({ status: 200, body: [] })
  })

  it.each([
    '{}',
    '{"$or":[{"organizationId":"org-b"},{"name":"Product-A"}]}',
    '{"$or":[{},{"organizationId":"org-b"}]}',
  ])('finds its own by the forged where %s', async (where) => {
    expect((await find(where)).body).toMatchObject([productOf('org-a')])
  })

  it.each([
    '',
    '[]',
    '7',
    '{"$where":"true"}',
    '{"$or":[{"$where":"true"}]}',
    '{"x":{"y":{"$where":"true"}}}',
    '{"$new":1}',
    '{"$":1}',
    '{"$or":[]}',
    '{"$or":[[]]}',
    '{"_bsontype":"ObjectId"}',
    '{"_id":{"_bsontype":"ObjectId"}}',
    '{"na\\u0000me":"x"}',
    '{"_id":"x"}',
    '{"$expr":{"$ne":["$organizationId","org-a"]}}',
    '{"organizationId":{"$ne":"org-a"}}',
    `${'{"$or":['.repeat(80)}{}${']}'.repeat(80)}`,
  ])('refuses the odd where %s: 400', async (where) => {
    expect((await find(where)).status).toBe(400)
  })

  it('answers a body that is none with 400, and tells nothing of itself', async () => {
    expect(await post('a', '/products', {})).toEqual({
      status: 400,
      body: { code: 'body_or_query_invalid' },
    })
    for (const body of ['{', 'null', '['.repeat(50_000)]) {
      const path = `${url}/organizations/org-a/products`
      const answer = await sendText(path, tokens.a, body)
      expect(answer).toEqual({ status: 400, text: '{"code":"body_or_query_invalid"}' })
    }
    expect((await get('a', '/organizations/%E0%A4%A/products')).status).toBe(400)
  })

  it('writes nothing that refers to another organization, or says that it is of one', async () => {
    const [foreign] = (await get('b', '/organizations/org-b/products')).body as { _id: string }[]
    const order = { product: foreign?._id, quantity: 1 }
    const unknown = { status: 400, body: { code: 'reference_unknown' } }
    expect(await post('a', '/organizations/org-a/orders', order)).toMatchObject(unknown)
    expect((await post('b', '/organizations/org-b/orders', order)).status).toBe(201)
    const moved = { name: 'Product-Z', desc: 'smuggled', organizationId: 'org-b' }
    const conflict = { status: 400, body: { code: 'tenant_conflict' } }
    expect(await post('a', '/organizations/org-a/products', moved)).toMatchObject(conflict)
    expect((await get('b', '/organizations/org-b/products')).body).toHaveLength(1)
    const taken = { name: 'Product-A', desc: 'once more' }
    expect(await post('a', '/organizations/org-a/products', taken)).toMatchObject({
      status: 409,
      body: { code: 'duplicate_key', title: 'Conflict' },
    })
  })

  it('prints requests that are answered as it says', async () => {
    expect(example.requests).toHaveLength(10)
    for (const request of example.requests) {
      const answer = await send(request)
      expect(`${request.comment} -> ${answer}`).toContain(`-> ${request.expected}`)
    }
  })
})

it('says visibly that it does not start, where there is no MongoDB', async () => {
  await expect(startExample('catalog', 'the catalogs of org-a', withoutMongo)).rejects.toThrow(
    'The catalog is SKIPPED: there is no MONGODB_URI',
  )
}, 120_000)
