/** Requests to try, as lines for a terminal. The same ones work on every server. */
import type { TestIssuer } from '@tenantry/testing'

/** @param url - of the server that they go to */
export async function printRequests(issuer: TestIssuer, url: string): Promise<void> {
  const tokenOf = (
    authorization: Readonly<Record<string, { readonly roles: readonly string[] }>>,
  ) => issuer.token({ authorization }, { expiresIn: 3600 })
  const acme = await tokenOf({ acme: { roles: ['agent'] } })
  const globex = await tokenOf({ globex: { roles: ['agent'] } })
  const member = await tokenOf({ acme: { roles: [] } })
  const nobody = await tokenOf({})

  const show = (comment: string, jwt: string | undefined, path: string, more = '') => {
    const header = jwt === undefined ? '' : `-H "Authorization: Bearer ${jwt}" `
    console.log(`\n# ${comment}\ncurl -i ${header}${more}"${url}${path}"`)
  }
  const json = (method: string, body: object) =>
    `-X ${method} -H "Content-Type: application/json" -d '${JSON.stringify(body)}' `

  show('200: the tickets of Acme, for an agent of Acme', acme, '/tenants/acme/tickets')
  show('200: those of Globex, with the same numbers', globex, '/tenants/globex/tickets')
  show('403 tenant_forbidden: those of somebody else', acme, '/tenants/globex/tickets')
  const forged = '/tenants/acme/tickets?organizationId=globex'
  show('200, and no ticket: a filter that asks for those of somebody else', acme, forged)
  const ticket = { orderNumber: 3, subject: 'A lid is bent' }
  show('201: a new ticket', acme, '/tenants/acme/tickets', json('POST', ticket))
  show('409 duplicate_key: once more', acme, '/tenants/acme/tickets', json('POST', ticket))
  const close = json('PATCH', { status: 'closed' })
  show('200: ticket 2 is closed', acme, '/tenants/acme/tickets/2', close)
  show('404: Globex has no ticket 2', globex, '/tenants/globex/tickets/2', close)
  show('403 role_insufficient: a member, and no agent', member, '/tenants/acme/tickets/2', close)
  show('200: the users of Acme', acme, '/tenants/acme/users')
  show('200: the newsfeed, for somebody of no organization', nobody, '/newsfeed')
  show('401 credentials_missing: no token', undefined, '/newsfeed')
}
