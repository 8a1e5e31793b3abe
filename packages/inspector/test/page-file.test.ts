import { createHash } from 'node:crypto'
import { html, policy } from '@tenantry/inspector'
import { describe, expect, it } from 'vitest'

/** The text between two tags. */
function inside(tag: 'script' | 'style'): string {
  const [, text = ''] = html.split(`<${tag}>`)
  return text.split(`</${tag}>`)[0] ?? ''
}

describe('the file', () => {
  it.each(['script', 'style'] as const)('has one %s, and the policy names its hash', (tag) => {
    expect(html.match(new RegExp(`<${tag}\\b`, 'g'))).toHaveLength(1)
    const hash = createHash('sha256').update(inside(tag)).digest('base64')
    expect(policy).toContain(`${tag}-src 'sha256-${hash}'`)
  })

  it('has the policy ahead of everything that the policy is about', () => {
    const at = html.indexOf(`content="${policy}"`)
    expect(at).toBeGreaterThan(0)
    expect(at).toBeLessThan(html.indexOf('<style>'))
    expect(at).toBeLessThan(html.indexOf('<link'))
  })

  it('may load and send nothing', () => {
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'none'")
    expect(policy).toContain("form-action 'none'")
    expect(policy).toContain("base-uri 'none'")
    expect(policy).toContain("trusted-types 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })

  it('names no other file', () => {
    const markup = html.replace(inside('script'), '')
    const named = [...markup.matchAll(/\b(?:src|href|action|srcset)="([^"]*)"/g)].map(
      ([, to]) => to,
    )
    expect(named.filter((to) => !to?.startsWith('data:'))).toEqual([])
    expect(inside('style')).not.toMatch(/url\(|@import/)
  })

  it.each([
    ['a request', /\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource|RTCPeer|new Image\b/],
    ['a place to keep something', /localStorage|sessionStorage|indexedDB|document\.cookie/],
    ['a message to another window', /postMessage|BroadcastChannel|window\.open|opener/],
    ['markup made of text', /insertAdjacentHTML|outerHTML\s*=|document\.write|\.innerHTML\s*=[^=]/],
  ])('has no code for %s', (_, code) => {
    // Core calls the function that it was given to fetch keys with. There is none to give here.
    expect(inside('script').replace('.fetch(', '')).not.toMatch(code)
    expect(inside('script')).not.toMatch(/globalThis\.fetch|window\.fetch/)
  })

  it('is small enough to send to somebody', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(160 * 1024)
  })
})
