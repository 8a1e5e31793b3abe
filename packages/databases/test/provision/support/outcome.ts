/** Whether a tenant is there wholly, or not at all. */
import { expect } from 'vitest'
import {
  type ProvisionedTenant,
  type Provisioning,
  type ProvisionTenantOptions,
  provisionTenant,
} from '../../../src/index.ts'
import { hash, type World } from './world.ts'

export const password = 'a pass phrase of Ada'

/** A tenant that no other test makes. */
export type Wanted = Pick<ProvisionTenantOptions<unknown>, 'key' | 'slug' | 'email' | 'password'>

let count = 0

export function wanted(): Wanted {
  count++
  return {
    key: `key-${count}`,
    slug: `acme-${count}`,
    email: `ada@acme-${count}.example`,
    password,
  }
}

export function provision(
  provisioning: Provisioning<unknown>,
  tenant: Wanted,
): Promise<ProvisionedTenant> {
  return provisionTenant({ ...provisioning, ...tenant })
}

/** Looks everywhere, and fails when there is a part of a tenant. */
export async function outcome(world: World, { key, email }: Wanted): Promise<'whole' | 'none'> {
  const { registry, listDatabases } = world.provisioning
  const row = await registry.findByKey(key)
  const user = await registry.findUser(email)
  const rows = await registry.list()
  const names = new Set(rows.map(({ databaseName }) => databaseName))
  expect((await listDatabases()).filter((name) => !names.has(name))).toEqual([])
  if (row === undefined) {
    expect(user).toBeUndefined()
    return 'none'
  }
  expect(row).toMatchObject({ status: 'active', owner: email })
  expect(user).toEqual({ tenantId: row.tenantId, email })
  expect(await listDatabases()).toContain(row.databaseName)
  expect(await world.users(row.databaseName)).toEqual([
    { email, passwordHash: await hash(password) },
  ])
  return 'whole'
}

/** The clock of the world, some time later. */
export function later(provisioning: Provisioning<unknown>, seconds = 1000): Provisioning<unknown> {
  return { ...provisioning, now: () => new Date(Date.now() + seconds * 1000) }
}
