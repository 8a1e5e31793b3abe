import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeInChromium } from '@tenantry/inspector/chromium'
import { createTestIssuer } from '@tenantry/testing'
import { afterAll, expect, it } from 'vitest'
import { start } from './support/server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenantry-ui-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The files below a folder that have one of the texts in them, in the encodings of browsers. */
function filesWith(path: string, texts: readonly string[]): readonly string[] {
  const forms = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')])
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile() === true)
    .filter((name) => {
      const bytes = readFileSync(join(path, name))
      return forms.some((form) => bytes.includes(form))
    })
}

describeInChromium('tenantry ui in a browser', (open, openKept) => {
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
    expect(requests.filter((address) => !address.startsWith('data:'))).toEqual([link])
    expect(await page.locator('#handed-over').count()).toBe(0)
    // Going back leads to no token either.
    await page.goBack()
    expect(page.url()).not.toContain('token')
    const again = await open(link)
    expect(await again.page.textContent('body')).toContain('This link worked once')
    expect(complaints).toEqual([])
    expect(await running.interrupt()).toBe(130)
  })

  it('leaves the token in no file of the browser', async () => {
    const issuer = createTestIssuer()
    const jwt = await issuer.token({ authorization: { acme: { roles: ['admin'] } } })
    const running = start(['ui', '--no-open'], { stdin: jwt })
    await running.until('Ctrl-C to stop')
    const [link = ''] = /http:\S+\/open\/\S+/.exec(running.stdout()) ?? []
    const profile = join(folder, 'profile')
    const page = await openKept(profile, link)
    await page.locator('#report').waitFor()
    expect(await page.locator('#token').inputValue()).toBe(jwt)
    await page.reload()
    expect(await page.locator('#token').inputValue()).toBe('')
    await page.context().close()
    const [, payload = '', signature = ''] = jwt.split('.')
    expect(filesWith(profile, [payload, signature])).toEqual([])
    // The history was written: it has the link, which is of no use any more.
    expect(filesWith(profile, [new URL(link).pathname])).toContain(join('Default', 'History'))
    await running.interrupt()
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
