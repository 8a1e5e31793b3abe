/** Requests to try, as lines for a terminal. They work on both servers. */
import type { Application } from './application.ts'
import { seeds } from './data.ts'

/**
 * @param url - of the server that they go to
 * @param isAdministered - whether somebody is an administrator
 */
export async function printRequests<Database>(
  { login }: Application<Database>,
  url: string,
  isAdministered: boolean,
): Promise<void> {
  const [first, second] = seeds
  const acme = await login(first.email, first.password)
  const globex = await login(second.email, second.password)
  if (acme === undefined || globex === undefined) {
    console.log('A tenant of the example is suspended: there are no requests to try.')
    return
  }

  const show = (comment: string, jwt: string | undefined, path: string, more = '') => {
    const header = jwt === undefined ? '' : `-H "Authorization: Bearer ${jwt}" `
    console.log(`\n# ${comment}\ncurl -i ${header}${more}"${url}${path}"`)
  }
  const json = (method: string, body: object) =>
    `-X ${method} -H "Content-Type: application/json" -d '${JSON.stringify(body)}' `
  const own = `/tenants/${acme.tenantId}`
  const { email, password } = first

  show('200: Ada logs in, and gets a token', undefined, '/login', json('POST', { email, password }))
  const wrong = json('POST', { email, password: 'something else' })
  show('401 login_refused: with another password', undefined, '/login', wrong)
  const unknown = json('POST', { email: 'eve@acme.example', password })
  show('401 login_refused: somebody who does not exist', undefined, '/login', unknown)
  show('200: the projects of Acme, for Ada', acme.accessToken, `${own}/projects`)
  const project = json('POST', { name: 'Portable hole' })
  show('201: another one', acme.accessToken, `${own}/projects`, project)
  const others = `/tenants/${globex.tenantId}/projects`
  show('200: the projects of Globex, for Gus', globex.accessToken, others)
  show('403 tenant_forbidden: those of somebody else', acme.accessToken, others)
  show('200: the users of Acme', acme.accessToken, `${own}/users`)
  show('401 credentials_missing: no token', undefined, `${own}/projects`)
  if (isAdministered) showAdministration()
  show('401 administrator_only: no administrator', acme.accessToken, '/admin/tenants')

  function showAdministration(): void {
    const token = '$ADMIN_TOKEN'
    console.log('\n# Those with $ADMIN_TOKEN need that variable, as it was set for this program.')
    const tenant = { slug: 'initech', email: 'bill@initech.example', password: 'red stapler' }
    const key = '-H "Idempotency-Key: order-1" '
    const status = `/admin/tenants/${globex?.tenantId}/status`
    show('200: all tenants', token, '/admin/tenants')
    show('201: one more', token, '/admin/tenants', key + json('POST', tenant))
    show('204: Globex is suspended', token, status, json('PUT', { status: 'suspended' }))
    show('403 tenant_suspended: Gus is refused', globex?.accessToken, others)
    show('204: Globex is served again', token, status, json('PUT', { status: 'active' }))
    show('200: and so is Gus', globex?.accessToken, others)
  }
}
