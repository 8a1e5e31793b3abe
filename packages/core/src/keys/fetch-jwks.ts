/** One look at a JWKS endpoint: no redirect, no endless answer, no answer that is too large. */
import { parseJsonObject } from '../token/json.ts'

/** The part of the platform's `fetch` that is used, so that a proxy or a test can stand in for it. */
export type JwksFetch = (
  url: string,
  init: {
    readonly method: 'GET'
    readonly redirect: 'manual'
    readonly headers: Readonly<Record<string, string>>
    readonly signal: AbortSignal
  },
) => Promise<Response>

export interface JwksAnswer {
  readonly text: string
  readonly keys: readonly unknown[]
}

interface FetchLimits {
  /** Seconds for the whole exchange, from the connection to the last byte. */
  readonly timeout: number
  readonly maxBytes: number
  readonly fetch: JwksFetch
}

/**
 * Fetches a JWK Set. Rejects with an Error whose message says what was wrong with the answer; the
 * messages hold nothing of the answer itself. `underWay` ends the exchange early when it is aborted.
 */
export async function fetchJwks(
  url: string,
  limits: FetchLimits,
  underWay: AbortController,
): Promise<JwksAnswer> {
  const timer = setTimeout(() => underWay.abort(tookTooLong()), limits.timeout * 1000)
  try {
    const { signal } = underWay
    return await Promise.race([aborted(signal), read(url, limits, signal)])
  } finally {
    clearTimeout(timer)
  }
}

function tookTooLong(): Error {
  return new Error('the endpoint took too long')
}

/** Rejects when the signal fires, also where a `fetch` that was passed in does not listen to it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

async function read(url: string, limits: FetchLimits, signal: AbortSignal): Promise<JwksAnswer> {
  const deadline = performance.now() + limits.timeout * 1000
  const response = await limits.fetch(url, {
    method: 'GET',
    redirect: 'manual',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal,
  })
  if (response.status !== 200) {
    await discard(response.body)
    throw new Error(`the endpoint answered with status ${response.status}`)
  }
  const text = await readText(response, limits.maxBytes, signal, deadline)
  const json = parseJsonObject(text)
  if (typeof json === 'string') throw new Error('the answer is not a JSON object')
  const keys = json['keys']
  if (!Array.isArray(keys)) throw new Error('the answer is not a JWK Set')
  if (keys.length === 0) throw new Error('the JWK Set is empty')
  return { text, keys }
}

/** Reads the body as it comes, so that an answer without end is noticed and not kept. */
async function readText(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
  deadline: number,
): Promise<string> {
  // JSON begins with no byte order mark (RFC 8259 section 8.1): it is left in, and refused.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const reader = response.body?.getReader()
  let text = ''
  let bytes = 0
  try {
    for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
      // A body that never waits would keep the timer from firing.
      if (performance.now() > deadline) throw tookTooLong()
      signal.throwIfAborted()
      bytes += chunk.value.byteLength
      if (bytes > maxBytes) throw new Error('the answer is too large')
      text += decoder.decode(chunk.value, { stream: true })
    }
    return text + decoder.decode()
  } catch (error) {
    await discard(reader)
    throw error
  }
}

/** Hangs up: what is not wanted is not sent any more, and its connection is not kept. */
async function discard(body: { cancel(): Promise<void> } | null | undefined): Promise<void> {
  await body?.cancel().catch(() => undefined)
}
