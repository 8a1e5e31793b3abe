/** The end of a server that is told to stop, without a signal. */
import { createServer, type Server } from 'node:http'
import * as http2 from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { createShutdown, type ShutdownOptions } from '../../src/index.ts'
import { createWorld } from '../support/fakes.ts'

async function listening(): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => response.end('fine'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

it('stops without a signal, once, and says what it had to do', async () => {
  const { databases } = createWorld()
  const { server, url } = await listening()
  const order: string[] = []
  const shutdown = createShutdown({
    server,
    databases,
    signals: [],
    last: () => order.push('last'),
  })
  onTestFinished(shutdown.dispose)
  expect((await fetch(url)).status).toBe(200)
  await databases.use('acme', () => undefined)
  const report = await shutdown.stop()
  expect(report).toEqual({ cut: 0, forced: [], abandoned: [], error: undefined })
  expect(await shutdown.stop()).toBe(report)
  expect([shutdown.isStopping, order, server.listening]).toEqual([true, ['last'], false])
})

it('waits for the lease of a job, until it is forced', async () => {
  const { databases } = createWorld()
  const { server } = await listening()
  await databases.lease('acme')
  const shutdown = createShutdown({ server, databases, signals: [], deadline: 3_600 })
  const stopping = shutdown.stop()
  await expect
    .poll(() => databases.use('acme', () => 0).catch((error) => error.code))
    .toBe('shutting_down')
  expect(await shutdown.stop({ force: true })).toMatchObject({ forced: ['acme'] })
  await stopping
})

it('takes a signal that comes twice at a time for one, and a later one for the second', async () => {
  const stopping = async () => {
    const { databases } = createWorld()
    const { server } = await listening()
    const codes: number[] = []
    const shutdown = createShutdown({
      server,
      databases,
      signals: ['SIGUSR2'],
      deadline: 3_600,
      exit: (code) => void codes.push(code),
    })
    onTestFinished(shutdown.dispose)
    const lease = await databases.lease('acme')
    process.emit('SIGUSR2')
    process.emit('SIGUSR2')
    return { lease, codes, dispose: shutdown.dispose }
  }
  const gentle = await stopping()
  gentle.lease.release()
  await expect.poll(() => gentle.codes, { timeout: 20_000 }).toEqual([0])
  gentle.dispose()

  const forced = await stopping()
  const signalAgain = () => {
    process.emit('SIGUSR2')
    return forced.codes[0]
  }
  await expect.poll(signalAgain, { timeout: 20_000 }).toBe(1)
})

it('reports what last throws, or that it hangs', async () => {
  const boom = new Error('boom')
  const stop = async (last: () => unknown) => {
    const { databases } = createWorld()
    const { server } = await listening()
    return await createShutdown({ server, databases, signals: [], deadline: 0, last }).stop()
  }
  expect(await stop(() => Promise.reject(boom))).toMatchObject({ error: boom })
  expect(await stop(() => new Promise(() => undefined))).toMatchObject({ error: expect.any(Error) })
})

it.each([
  ['server', {}],
  ['server', express()],
  ['server', undefined],
  ['databases', {}],
  ['deadline', -1],
  ['last', 'admin.end()'],
  ['signal', []],
  ['signals', 'SIGTERM'],
  ['exit', 1],
])('refuses %s: %j', async (name, value) => {
  const { databases } = createWorld()
  const options = { server: createServer(), databases, signals: [], [name]: value }
  expect(() => createShutdown(options as unknown as ShutdownOptions)).toThrow(
    expect.objectContaining({ code: 'option_invalid', message: expect.stringContaining(name) }),
  )
})

it('does not wait for an answer that nobody is there for, also of one that had to wait for its turn', async () => {
  const { databases } = createWorld()
  let entered = 0
  const server = createServer(() => entered++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const shutdown = createShutdown({ server, databases, signals: [], deadline: 3_600 })
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3))
  await expect.poll(() => entered).toBe(3)
  const stopping = shutdown.stop()
  socket.destroy()
  expect(await stopping).toMatchObject({ cut: 0 })
})

it('a second stop does not wait for last, either', async () => {
  const { databases } = createWorld()
  const { server } = await listening()
  let isLast = false
  const shutdown = createShutdown({
    server,
    databases,
    signals: [],
    deadline: 3_600,
    last: () => {
      isLast = true
      return new Promise(() => undefined)
    },
  })
  const stopping = shutdown.stop()
  await expect.poll(() => isLast).toBe(true)
  await shutdown.stop({ force: true })
  expect((await stopping).error).toBeInstanceOf(Error)
})

it('closes the connections of HTTP/2 as well, once what is in flight is answered', async () => {
  const { databases } = createWorld()
  let answer: () => void = () => undefined
  const server = http2.createServer((_request, response) => {
    answer = () => response.end('fine')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const shutdown = createShutdown({ server, databases, signals: [], deadline: 3_600 })
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  session.on('error', () => undefined)
  onTestFinished(() => session.destroy())
  const isClosed = new Promise((resolve) => session.once('close', resolve))
  const statusOf = (stream: http2.ClientHttp2Stream) =>
    new Promise((resolve) => {
      stream.on('response', (headers) => resolve(headers[':status']))
      stream.on('error', () => undefined)
      stream.resume()
    })
  const first = answer
  const slow = statusOf(session.request({ ':path': '/' }))
  await expect.poll(() => answer !== first).toBe(true)
  const stopping = shutdown.stop()
  expect(await statusOf(session.request({ ':path': '/' }))).toBe(503)
  answer()
  expect(await slow).toBe(200)
  expect(await stopping).toMatchObject({ cut: 0, forced: [] })
  await isClosed
})
