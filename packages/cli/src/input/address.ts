/** An address that was typed without its scheme. */
import { isLoopback } from './loopback.ts'

/** Whether a text is an address with a scheme. */
export function isAddress(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

/** What was probably meant; nothing for a text that is no host, such as `jwks.json`. */
export function addressHints(text: string): readonly string[] {
  const [, host = '', path = ''] =
    /^([a-z0-9.-]{1,60}(?::\d{1,5})?)(\/[\w./~-]{0,60})?$/i.exec(text) ?? []
  const name = host.replace(/:\d+$/, '')
  const isHost =
    isLoopback(name) || (/^[^.-].*\.[a-z][a-z0-9-]+$/i.test(name) && !isFileName(name, path))
  if (!isHost) return []
  return [`Did you mean ${isLoopback(name) ? 'http' : 'https'}://${host}${path}?`]
}

function isFileName(name: string, path: string): boolean {
  return path === '' && /\.(?:json|jwks?|jwt|pem|key|crt|cer|der|pub|txt)$/i.test(name)
}
