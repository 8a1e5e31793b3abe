/** What the operator can hear of a tenant that gets 503. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DatabaseEvent } from '../src/index.ts'
import { codeOf, createWorld } from './support/fakes.ts'

let events: DatabaseEvent[]
const listen = (message: unknown) => void events.push(message as DatabaseEvent)
beforeEach(() => {
  events = []
  subscribe('tenantry:database', listen)
})
afterEach(() => void unsubscribe('tenantry:database', listen))

it('tells why a database was not opened, once for all who wait', async () => {
  const cause = new Error('connect ECONNREFUSED')
  const { databases } = createWorld(['acme', 'globex'], { connect: () => Promise.reject(cause) })
  const codes = await Promise.all([1, 2].map(() => codeOf(databases.lease('acme'))))
  expect(codes).toEqual(['database_unavailable', 'database_unavailable'])
  expect(events).toEqual([{ event: 'open_failed', tenantId: 'acme', cause }])
})

it('tells that connect answers with nothing, whose room is free again', async () => {
  const { databases } = createWorld(['acme'], { connect: async () => undefined as never })
  expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
  expect(events).toMatchObject([
    { event: 'open_failed', cause: { message: 'connect answered with no database.' } },
  ])
  expect(databases.stats().live).toBe(0)
})

it('tells why a database was not closed', async () => {
  const cause = new Error('still in use')
  const { databases } = createWorld(['acme'], { disconnect: () => Promise.reject(cause) })
  await databases.use('acme', () => undefined)
  await databases.close()
  expect(events).toEqual([{ event: 'close_failed', tenantId: 'acme', cause }])
})

it('tells what the registry threw', async () => {
  const { databases, registry } = createWorld()
  const cause = new Error('no route to 10.0.0.7')
  registry.failing.find = cause
  expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
  expect(events).toEqual([{ event: 'registry_failed', tenantId: 'acme', cause }])
})
