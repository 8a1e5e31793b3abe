/** What is there at the start: two organizations whose products have the same names. */
import { asSystem } from '@tenantry/core/context'
import { organization } from '@tenantry/mongoose'
import { models } from './models.ts'

export async function fill(): Promise<void> {
  await asSystem({ reason: 'the example starts anew' }, async () => {
    for (const model of Object.values(models)) await model.deleteMany()
  })
  for (const model of Object.values(models)) await model.init()
  for (const id of ['org-a', 'org-b']) {
    // As in a job: there is no request, and no token. The organization is said once.
    const { users, products, catalogs, orders } = organization(id, models)
    await users.create({ email: `buyer@${id}.example` })
    const product = await products.create({
      name: 'Product-A',
      desc: `This product belongs to ${id}`,
    })
    await catalogs.create({ title: `Spring at ${id}`, products: [product._id] })
    await orders.create({ product: product._id, quantity: 2 })
  }
}
