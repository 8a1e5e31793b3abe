/** Requests to try, as lines for a terminal. */
import type { TestIssuer } from '@tenantry/testing'

/** @param foreign - the id of a product of org-b */
export async function printRequests(
  issuer: TestIssuer,
  url: string,
  foreign: string,
): Promise<void> {
  const tokenOf = (
    authorization: Readonly<Record<string, { readonly roles: readonly string[] }>>,
  ) => issuer.token({ authorization }, { expiresIn: 3600 })
  const a = await tokenOf({ 'org-a': { roles: ['editor'] } })
  const b = await tokenOf({ 'org-b': { roles: ['editor'] } })

  const show = (comment: string, jwt: string, path: string, body?: object) => {
    const json = JSON.stringify(body)
    const more =
      body === undefined ? '' : `-X POST -H "Content-Type: application/json" -d '${json}' `
    const header = `-H "Authorization: Bearer ${jwt}"`
    console.log(`\n# ${comment}\ncurl -i ${header} ${more}"${url}${path}"`)
  }
  const where = (filter: object) => `?where=${encodeURIComponent(JSON.stringify(filter))}`
  const products = '/organizations/org-a/products'
  const orders = '/organizations/org-a/orders'

  show('200: a product of org-a', a, `${products}${where({ name: 'Product-A' })}`)
  show('200: that of org-b, with the same name', b, '/organizations/org-b/products')
  show('403 tenant_forbidden: that of somebody else', a, '/organizations/org-b/products')
  const forged = { $or: [{ organizationId: 'org-b' }, { name: 'Product-A' }] }
  show('200: a where that asks for both, and gets its own', a, `${products}${where(forged)}`)
  show('401 tenant_context_missing: Product.find(), past the organization', a, '/products')
  const product = { name: 'Product-B', desc: 'Another one' }
  show(
    '401 tenant_context_missing: Product.create(), past the organization',
    a,
    '/products',
    product,
  )
  show('201: a new product of org-a', a, products, product)
  const moved = { name: 'Product-C', desc: 'Smuggled', organizationId: 'org-b' }
  show('400 tenant_conflict: a product that says it is of org-b', a, products, moved)
  const order = { product: foreign, quantity: 1 }
  show('400 reference_unknown: an order of a product of org-b', a, orders, order)
  show('200: the catalogs of org-a, with their products', a, '/organizations/org-a/catalogs')
}
