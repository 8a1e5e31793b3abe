/** Endpoint: how the address answers, apart from what the keys are worth. */
import { quote } from '@tenantry/report'
import type { Observation, ObservedResponse } from '../jwks/observe.ts'
import type { PublishedKey } from '../jwks/published-set.ts'
import { type Finding, fail, none, ok, warn } from './check.ts'

/** Seconds. Somebody waits for the first request after the keys have grown old. */
const SLOW = 1
const DAY = 86_400

/**
 * D10 to D15.
 *
 * @param isKeySet - false when the way ended at a discovery document, which is no JWK Set
 */
export function checkEndpoint(
  observation: Observation,
  keys: readonly PublishedKey[] | undefined,
  isKeySet: boolean,
): readonly Finding[] {
  const { response, fault } = observation
  if (fault?.kind === 'address') return []
  if (response === undefined) {
    return [fail('D10', reasonText(fault?.reason), 'is the address right, and the server up?')]
  }
  const isRedirect = response.status >= 300 && response.status < 400
  if (isRedirect) return [none('D10', `answers with ${response.status}`), redirect(response)]
  if (response.status !== 200) {
    const fix = 'a JWKS endpoint answers with 200'
    return [fail('D10', `answers with status ${response.status}`, fix), ok('D11', 'answers itself')]
  }
  return [
    reachable(observation, response),
    ok('D11', 'answers itself'),
    cacheLifetime(response),
    contentType(response, keys !== undefined || !isKeySet),
    isKeySet ? keySet(observation, keys) : none('D14'),
    latency(response),
  ]
}

function reachable({ fault, body }: Observation, response: ObservedResponse): Finding {
  if (fault?.kind === 'exchange') {
    return fail('D10', reasonText(fault.reason), 'an answer has to be complete within 5 s')
  }
  const size = body === undefined ? '' : `, ${formatBytes(body.byteLength)}`
  return ok('D10', `200 in ${Math.round(response.latency)} ms${size}`)
}

function redirect({ status, headers }: ObservedResponse): Finding {
  const detail = `${status} to ${quote(headers.get('location') ?? '')}`
  return fail('D11', detail, 'a verifier follows no redirect: use that address if it is yours')
}

function cacheLifetime({ headers }: ObservedResponse): Finding {
  const control = headers.get('cache-control')
  if (control === null) {
    const fix = 'nothing has to be done: a verifier keeps the keys for 10 minutes'
    return warn('D12', 'no Cache-Control; proxies on the way may keep it as they like', fix)
  }
  const seconds = Number(/max-age=(\d{1,10})/i.exec(control)?.[1] ?? 0)
  if (seconds <= DAY) return ok('D12', quote(control))
  const fix = 'let it be kept for a day at most, or new keys arrive late'
  return warn('D12', `${quote(control)}: proxies on the way may keep it for days`, fix)
}

function contentType({ headers }: ObservedResponse, isReadable: boolean): Finding {
  const type = headers.get('content-type')
  const [essence = ''] = (type ?? '').toLowerCase().split(';', 1)
  if (/^application\/(json|[\w.-]+\+json)$/.test(essence.trim())) return ok('D13', quote(essence))
  const detail = type === null ? 'no Content-Type' : quote(type)
  const fix = 'serve it as application/jwk-set+json or application/json'
  return isReadable ? warn('D13', detail, fix) : fail('D13', `${detail}: not JSON`, fix)
}

function keySet({ fault, body }: Observation, keys: readonly unknown[] | undefined): Finding {
  if (fault?.kind === 'exchange') return none('D14')
  if (keys === undefined) {
    const fix = 'of an issuer, give the URL of its discovery document or of its JWK Set'
    return fail('D14', reasonText(fault?.reason), fix)
  }
  const count = keys.length === 1 ? '1 key' : `${keys.length} keys`
  return ok('D14', `${count}, ${formatBytes(body?.byteLength ?? 0)}`)
}

function latency({ latency }: ObservedResponse): Finding {
  const text = `${Math.round(latency)} ms`
  if (latency <= SLOW * 1000) return ok('D15', text)
  return warn('D15', `${text}: slow`, 'call ready() at boot, so that no request waits for the keys')
}

function formatBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} KB`
}

/** A reason may quote the address. */
function reasonText(reason: string = 'no answer'): string {
  return quote(reason, 200).slice(1, -1)
}
