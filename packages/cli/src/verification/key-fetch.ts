/** A `fetch` for keys that asks once, however many verifiers of one call want them. */
import type { JwksFetch } from '@tenantry/core'

/** The fetch, and what it got. */
export interface KeyFetch {
  readonly fetch: JwksFetch
  /** The JSON that was answered; undefined when nothing was, or something else. */
  seen(): Promise<unknown>
}

/**
 * Keeps the answer of the first request that was read to its end. Core reads no further than its
 * limits, so nothing that is too large is kept.
 */
export function fetchOnce(): KeyFetch {
  let kept: Blob | undefined
  return {
    async fetch(url, init) {
      if (kept !== undefined) return new Response(kept)
      const response = await fetch(url, init)
      if (response.status !== 200 || response.body === null) return response
      const chunks: Uint8Array[] = []
      const recorder = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          chunks.push(chunk)
          controller.enqueue(chunk)
        },
        flush() {
          kept = new Blob(chunks)
        },
      })
      return new Response(response.body.pipeThrough(recorder))
    },
    async seen() {
      try {
        return kept === undefined ? undefined : JSON.parse(await kept.text())
      } catch {
        return undefined
      }
    },
  }
}
