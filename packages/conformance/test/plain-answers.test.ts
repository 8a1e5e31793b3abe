/** Refusals can be read, whatever was said of the response before; and guards are called in full. */
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { callers, verifier } from './support/callers.ts'
import { fourOfThem } from './support/one-route.ts'
import { headerOf, send } from './support/raw-request.ts'

const request = ['GET /t/acme HTTP/1.1']

beforeEach(() => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
})

describe.each(fourOfThem)('$name', (framework) => {
  test('a refusal does not keep the coding of another body', async () => {
    const { requireTenant } = await framework.guards({ verifier })
    const coded = framework.step((_, response) => {
      response.setHeader('Content-Encoding', 'gzip')
      response.setHeader('Transfer-Encoding', 'chunked')
      response.setHeader('Trailer', 'digest')
      // What a page has set stays: it is no part of the body.
      response.setHeader('X-Frame-Options', 'DENY')
      // Only Express has a status line of its own on the response.
      if ('statusMessage' in response) Reflect.set(response, 'statusMessage', 'Fine')
    })
    const refused = await send(await framework.serve(coded, requireTenant()), request)
    expect(refused.statusLine).toBe('HTTP/1.1 401 Unauthorized')
    for (const name of ['content-encoding', 'transfer-encoding', 'trailer']) {
      expect(headerOf(refused, name), name).toBeUndefined()
    }
    expect(headerOf(refused, 'x-frame-options')).toBe('DENY')
    expect(refused.code).toBe('credentials_missing')
    expect(headerOf(refused, 'content-length')).toBe(String(refused.body.length))
  })

  test('a guard that is called without the function to go on with lets nobody in', async () => {
    const { requireTenant } = await framework.guards({ verifier })
    // As one writes it who takes a guard for a function with a promise.
    const guard: unknown = requireTenant()
    const wrapped = framework.step(async (incoming, response) => {
      await Reflect.apply(guard as () => unknown, undefined, [incoming, response])
    })
    const port = await framework.serve(wrapped)
    for (const token of [callers.admin, 'x.y.z']) {
      const refused = await send(port, [...request, `Authorization: Bearer ${token}`])
      expect(refused.status).toBe(500)
      expect(refused.wire).not.toContain('"user"')
    }
  })
})
