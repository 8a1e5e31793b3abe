/** The same over HTTP/2, where a client can take back each request by itself. */
import { type ClientHttp2Stream, connect } from 'node:http2'
import { tenantry } from '@tenantry/fastify'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it, onTestFinished, vi } from 'vitest'
import { tenantDatabases } from '../../src/fastify/index.ts'
import { settle } from '../support/fakes.ts'
import { createWorld, tokenFor, verifier } from './world.ts'

async function start(handle: () => unknown) {
  const world = createWorld()
  // The types of requests are others, and alike in what the test uses.
  const app = Fastify({ http2: true }) as unknown as FastifyInstance
  await app.register(tenantry, { verifier })
  await app.register(tenantDatabases, { databases: world.databases })
  app.get('/t/:tenantId', { preHandler: app.requireTenant() }, async () => await handle())
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }))
  onTestFinished(async () => {
    session.destroy()
    await app.close()
  })
  const authorization = `Bearer ${await tokenFor('acme')}`
  const send = (): ClientHttp2Stream => {
    const stream = session.request({ ':path': '/t/acme', authorization })
    stream.on('error', () => undefined)
    return stream.resume()
  }
  return { ...world, send }
}

it('releases when it was answered, and when the client has taken it back', async () => {
  let entered = 0
  let isWaiting = false
  const { databases, send } = await start(async () => {
    entered++
    if (isWaiting) await new Promise(() => undefined)
    return {}
  })
  const answered = send()
  await new Promise((resolve) => answered.once('close', resolve))
  await expect.poll(() => databases.stats()).toMatchObject({ leased: 0, idle: 1 })
  isWaiting = true
  const stream = send()
  await expect.poll(() => entered).toBe(2)
  expect(databases.stats()).toMatchObject({ leased: 1 })
  stream.close(8)
  await expect.poll(() => databases.stats()).toMatchObject({ leased: 0, idle: 1 })
})

it('takes no lease for a request that was taken back while it waited', async () => {
  const handle = vi.fn()
  const { databases, driver, send } = await start(handle)
  driver.isHeld.connect = true
  const stream = send()
  await expect.poll(() => driver.connecting.length).toBe(1)
  stream.close(8)
  await new Promise((resolve) => stream.once('close', resolve))
  // One that comes later on the same connection is there when the first is known to be gone.
  const next = send()
  driver.isHeld.connect = false
  await settle()
  driver.connecting[0]?.succeed()
  await new Promise((resolve) => next.once('close', resolve))
  await expect.poll(() => databases.stats()).toMatchObject({ leased: 0, idle: 1 })
  expect(handle).toHaveBeenCalledTimes(1)
})
