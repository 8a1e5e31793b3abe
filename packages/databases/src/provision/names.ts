/** What a new tenant is called: for people, in tokens and URLs, and as a database. */
import { randomBytes, randomInt } from 'node:crypto'

const slugForm = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/
const databaseForm = /^tenant_[a-z0-9_]{1,56}$/
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Whether something can be a name for people: lower-case letters, digits and hyphens, 40 at most.
 *
 * @example
 * ```ts
 * import { isSlug } from '@tenantry/databases'
 *
 * isSlug('acme-2') // true
 * isSlug('../acme') // false
 * ```
 */
export function isSlug(slug: unknown): slug is string {
  return typeof slug === 'string' && slugForm.test(slug)
}

/**
 * Drawn, and never one that was there before: a token of a tenant that is gone is no token of the one
 * that has its name now.
 */
export function newTenantId(): string {
  return Array.from({ length: 14 }, () => letters[randomInt(letters.length)]).join('')
}

/** For people who look at the server, with an end that no other database ever had. */
export function newDatabaseName(slug: string): string {
  return `tenant_${slug.replaceAll('-', '_')}_${randomBytes(7).toString('hex')}`
}

/** Whether it can be a name that was made here. */
export function isTenantDatabase(name: string): boolean {
  return databaseForm.test(name)
}
