/** A `fetch` for keys that asks once, however many verifiers of one call want them. */
import type { JwksFetch } from '@tenantry/core'

/** Remembers the answer to the first request. Core's limits hold for every reader of it. */
export function fetchOnce(): JwksFetch {
  let answer: Promise<Response> | undefined
  return async (url, init) => {
    answer ??= fetch(url, init)
    return (await answer).clone()
  }
}
