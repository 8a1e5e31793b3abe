import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeInChromium } from '@tenantry/inspector/chromium'
import { createTestIssuer } from '@tenantry/testing'
import { afterAll, expect, it } from 'vitest'
import { start } from './support/server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenantry-ui-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeInChromium('tenantry ui in a browser', (open) => {
  it('opens with the token and the keys in it, and the address shows neither', async () => {
    const issuer = createTestIssuer()
    const jwt = await issuer.token({ authorization: { acme: { roles: ['admin'] } } })
    writeFileSync(join(folder, 'token.jwt'), jwt)
    writeFileSync(join(folder, 'jwks.json'), JSON.stringify(issuer.keys))
    const args = ['--token-file', join(folder, 'token.jwt'), '--jwks', join(folder, 'jwks.json')]
    const running = start(['ui', '--no-open', ...args])
    await running.until('Ctrl-C to stop')
    const [link = ''] = /http:\S+\/open\/\S+/.exec(running.stdout()) ?? []
    const { page, requests, complaints } = await open(link)
    await page.locator('#verdict-line').getByText('Verified').waitFor()
    expect(page.url()).toBe(link.replace(/open\/.*$/, ''))
    expect(await page.evaluate('document.referrer + document.title')).toBe(
      'Verified · Token inspector',
    )
    expect(requests.filter((address) => !address.startsWith('data:'))).toHaveLength(2)
    // Going back leads to no token either.
    await page.goBack()
    expect(page.url()).not.toContain('token')
    const again = await open(link)
    expect(await again.page.textContent('body')).toContain('This link worked once')
    expect(complaints).toEqual([])
    expect(await running.interrupt()).toBe(130)
  })

  it('cannot be framed by another page', async () => {
    const running = start(['ui', '--no-open'])
    await running.until('Ctrl-C to stop')
    const [address = ''] = /http:\S+/.exec(running.stdout()) ?? []
    const { page } = await open('about:blank')
    await page.setContent(`<iframe src="${address}"></iframe>`)
    await expect
      .poll(() => page.frames().at(-1)?.url(), { timeout: 10_000 })
      .toContain('chrome-error:')
    await running.interrupt()
  })
})
