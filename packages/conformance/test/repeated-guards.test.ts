/** Guards that stand one behind the other: on the application, on its parts, on the route. */
import type { Verifier } from '@tenantry/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { frameworks } from './support/applications.ts'
import { callers, issuer, tokenOf, verifier } from './support/callers.ts'
import { send } from './support/raw-request.ts'

/** The tokens that it was asked to verify. */
function createCountingVerifier(): Verifier & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    ...verifier,
    asked,
    async verify(jwt) {
      asked.push(jwt)
      return await verifier.verify(jwt)
    },
  }
}

describe.each(frameworks)('$name', (framework) => {
  test.each(['auth', 'optional'] as const)(
    'three guards verify once, behind %s for everybody',
    async (everywhere) => {
      const counting = createCountingVerifier()
      const app = await framework.start({ verifier: counting, everywhere })
      onTestFinished(() => app.close())
      const get = async (tenant: string, token?: string) => {
        const header = token === undefined ? [] : [`Authorization: Bearer ${token}`]
        const line = `GET /nested/${tenant}/in/${tenant} HTTP/1.1`
        const answer = await send(app.port, [line, ...header])
        return [answer.status, answer.code ?? answer.body, counting.asked.splice(0)]
      }
      const { both } = callers
      expect(await get('acme', both)).toEqual([200, '{"tenantId":"acme","userId":7}', [both]])
      // What one request has shown is nothing to the next.
      expect(await get('evil', both)).toEqual([200, '{"tenantId":"evil","userId":7}', [both]])
      expect(await get('acme')).toEqual([401, 'credentials_missing', []])
      expect(await get('other', both)).toEqual([403, 'tenant_forbidden', [both]])
      const forged = await issuer.forged()
      expect(await get('acme', forged)).toEqual([401, 'signature_invalid', [forged]])
      const nobody = await tokenOf({})
      expect(await get('acme', nobody)).toEqual([403, 'tenant_forbidden', [nobody]])
    },
  )
})
