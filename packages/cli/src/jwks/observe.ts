/**
 * Asks an address for a JWK Set in exactly the way a verifier does, because a verifier of core does
 * the asking: its limits of time and size hold here too. What it got is noted on the way.
 */
import { algorithmNames, isTenantryError, type JwksFetch } from '@tenantry/core'
import { createVerifier } from '../verification/create-verifier.ts'

/** What came of one look at an address. */
export interface Observation {
  readonly url: string
  /** What core says about it: undefined when it has keys that it can use. */
  readonly fault: Fault | undefined
  /** The answer as far as there was one. */
  readonly response: ObservedResponse | undefined
  /** The whole body, when it was read to its end. */
  readonly body: Buffer | undefined
}

/** Why there are no keys. `address`: nothing was asked. `exchange`: no whole answer came. */
export interface Fault {
  readonly kind: 'address' | 'exchange' | 'answer'
  readonly reason: string
}

/** The first lines of an answer. */
export interface ObservedResponse {
  readonly status: number
  readonly headers: Headers
  /** Milliseconds until they were there. */
  readonly latency: number
  /** When they were there. */
  readonly receivedAt: Date
}

/** Every algorithm whose keys are published. */
const published = algorithmNames.filter((name) => !name.startsWith('HS'))

/** Looks at an address once. Never throws for what the address does. */
export async function observe(url: string, now: () => Date): Promise<Observation> {
  let response: ObservedResponse | undefined
  let body: Buffer | undefined
  let underWay = false
  const fetchAndNote: JwksFetch = async (address, init) => {
    const start = performance.now()
    underWay = true
    const answer = await fetch(address, init)
    const { status, headers } = answer
    response = { status, headers, latency: performance.now() - start, receivedAt: now() }
    if (status !== 200 || answer.body === null) {
      underWay = false
      return answer
    }
    const chunks: Uint8Array[] = []
    const recorder = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        chunks.push(chunk)
        controller.enqueue(chunk)
      },
      flush() {
        underWay = false
        body = Buffer.concat(chunks)
      },
    })
    return new Response(answer.body.pipeThrough(recorder))
  }
  const outcome = await load(url, fetchAndNote)
  if (outcome === undefined) return { url, fault: undefined, response, body }
  const isTooLarge = outcome.reason === 'the answer is too large'
  const kind = outcome.isAddress ? 'address' : underWay && !isTooLarge ? 'exchange' : 'answer'
  return { url, fault: { kind, reason: outcome.reason }, response, body }
}

interface Refusal {
  readonly isAddress: boolean
  readonly reason: string
}

async function load(url: string, fetch: JwksFetch): Promise<Refusal | undefined> {
  try {
    const verifier = createVerifier({ keys: url, algorithms: published, jwks: { fetch } })
    await verifier.ready().finally(() => verifier.close())
    return undefined
  } catch (error) {
    if (!isTenantryError(error)) throw error
    if (error.name === 'ConfigurationError') return { isAddress: true, reason: error.message }
    return { isAddress: false, reason: innermost(error) }
  }
}

/** What the platform's `fetch` says of itself is only that it failed. */
function innermost(error: Error): string {
  let cause: Error = error
  while (cause.cause instanceof Error) cause = cause.cause
  const code: unknown = Reflect.get(cause, 'code')
  if (cause.message !== '') return cause.message
  return typeof code === 'string' ? code : 'unknown reason'
}
