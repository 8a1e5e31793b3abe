import { asSystem, withTenant } from '@tenantry/core/context'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installTenantGuard, tenantScope } from '../src/index.ts'
import { startServer, type TestServer } from './support/server.ts'
import { versions } from './support/versions.ts'

describe.each(versions)('Mongoose $major', ({ major, mongoose }) => {
  let server: TestServer
  const m = new mongoose.Mongoose()
  beforeAll(async () => {
    server = await startServer()
    installTenantGuard(m)
    await m.connect(server.uri(`thin${major}`), { autoCreate: false })
  })
  afterAll(async () => {
    await m.disconnect()
    await server.stop()
  })
  it('find stays inside, and nothing is found outside', async () => {
    const schema = new m.Schema({ name: String })
    schema.plugin(tenantScope, { field: 'organizationId' })
    const Product = m.model('Product', schema)
    for (const t of ['a', 'b']) await withTenant(t, () => Product.create({ name: `of ${t}` }))
    const found = await withTenant('a', () => Product.find())
    expect(found.map((d) => d.toObject())).toMatchObject([{ name: 'of a', organizationId: 'a' }])
    await expect(Product.find().exec()).rejects.toMatchObject({
      code: 'tenant_context_missing',
      status: 401,
    })
    expect(await asSystem({ reason: 'count' }, () => Product.countDocuments())).toBe(2)
    expect(await withTenant('a', () => Product.countDocuments())).toBe(1)
  })
})
