/** What comes in the fragment of the address, from the command or from whoever made a link. */

/** A token to look at, the keys to check it with, and the colours of the page around this one. */
export interface HandOver {
  readonly token: string | undefined
  readonly keys: string | undefined
  readonly theme: string | undefined
}

/**
 * Reads `#token=…&jwks=…&theme=…` and takes it out of the address at once, so that it is in no bookmark, no
 * screenshot of the window and no list of tabs. The entry of the history is replaced by one without.
 */
export function takeHandOver(location: Location, history: History): HandOver {
  const fragment = location.hash.slice(1)
  if (fragment === '') return { token: undefined, keys: undefined, theme: undefined }
  history.replaceState(null, '', location.pathname + location.search)
  const parameters = new URLSearchParams(fragment)
  return {
    token: parameters.get('token') ?? undefined,
    keys: parameters.get('jwks') ?? undefined,
    theme: parameters.get('theme') ?? undefined,
  }
}
