import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInChromium } from '../support/chromium.ts'
import { type PageServer, servePage } from '../support/page-server.ts'
import { goodToken, unsigned } from '../support/tokens.ts'

let server: PageServer
beforeAll(async () => {
  server = await servePage()
})
afterAll(() => server.close())

const markup = `"><img src=x onerror="window.owned=1"><script>window.owned=1</script><svg onload=window.owned=1>`

/** What the page has that it did not have when it was opened. */
function intruders(page: Page): Promise<number> {
  return page.evaluate(
    () => document.querySelectorAll('#report :is(img, script, svg, a, iframe)').length,
  )
}

describeInChromium('a hostile token', (open) => {
  it('is text, wherever it says something', async () => {
    const claims = {
      sub: markup,
      iss: markup,
      [markup]: markup,
      authorization: { [markup]: { roles: [markup, 'admin'] }, acme: { roles: [markup] } },
      exp: 4_000_000_000,
    }
    const { page, complaints } = await open(server.address)
    await page.locator('#token').fill(unsigned(claims, { alg: markup, kid: markup, typ: markup }))
    await page.locator('#report').waitFor()
    await page.getByLabel('act as').fill(markup)
    await page.getByLabel('in tenant').fill(markup)
    await page.locator('#answer .decision').waitFor()
    await page.getByLabel('act as').fill('admin')
    await page.getByLabel('in tenant').fill('acme')
    await page.locator('#answer .facts').waitFor()
    await page
      .locator('#keys')
      .fill(JSON.stringify({ keys: [{ kty: markup, kid: markup, alg: markup }] }))
    await page.locator('#verdict[data-tone=warn], #verdict[data-tone=bad]').waitFor()
    for (const heading of await page.locator('#notes summary').all()) await heading.click()
    expect(await intruders(page)).toBe(0)
    expect(await page.evaluate(() => Reflect.get(window, 'owned'))).toBeUndefined()
    expect(await page.locator('#claims').textContent()).toContain('<img src=x')
    expect(complaints).toEqual([])
  })

  it('hides nothing: bidi, zero-width and control characters are escapes', async () => {
    const odd = 'ac\u200bme\u202e\u0000\u001b[31m\u2066\u00ad\ufeff'
    const { page } = await open(server.address)
    await page
      .locator('#token')
      .fill(unsigned({ sub: odd, [odd]: odd, authorization: { [odd]: { roles: [odd] } } }))
    await page.locator('#report').waitFor()
    await page.getByLabel('act as').fill('x')
    await page.getByLabel('in tenant').fill(odd.replace('\u0000', ''))
    const text = await page.evaluate(() => document.querySelector('main')?.textContent ?? '')
    expect([...odd].filter((character) => character > '~' || character < ' ').length).toBe(7)
    for (const character of odd.replace(/[ -~]/g, '')) expect(text).not.toContain(character)
    expect(text).toContain('ac\\u200bme\\u202e\\u0000\\u001b[31m')
    await page.locator('#notes').getByText('characters that cannot be seen').first().waitFor()
  })

  it('cannot look like another one: letters beyond ASCII are spelled out', async () => {
    const { page } = await open(server.address)
    await page.locator('#token').fill(unsigned({ authorization: { аcme: { roles: ['аdmin'] } } }))
    await page.locator('#matrix').getByText('\\u0430cme').waitFor()
    await page.locator('#matrix').getByText('\\u0430dmin').waitFor()
  })

  it('may name 10,000 tenants', async () => {
    const tenants = Array.from({ length: 10_000 }, (_, index) => [
      `tenant-${index}`,
      { roles: index % 2 === 0 ? ['admin', 'member'] : ['member'] },
    ])
    const { page } = await open(server.address)
    await page
      .locator('#token')
      .fill(unsigned({ authorization: Object.fromEntries(tenants), exp: 4e9 }))
    await page.getByText('10000 tenants · 2 roles').waitFor()
    expect(await page.locator('#matrix tbody tr').count()).toBe(40)
    await page.getByRole('button', { name: 'Show 400 more' }).click()
    expect(await page.locator('#matrix tbody tr').count()).toBe(440)
    await page.getByLabel('Filter tenants and roles').fill('tenant-9999')
    expect(await page.locator('#matrix tbody tr').count()).toBe(1)
    await page.getByLabel('act as').fill('admin')
    await page.getByLabel('in tenant').fill('tenant-1')
    await page.locator('#answer').getByText('and 4990 more').waitFor()
    // A page that is busy with its token would not get to this.
    expect(
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve))),
    ).toBeGreaterThan(0)
  })

  it('may have 1 MB, as a token, as claims, and as something else', async () => {
    const { page, complaints } = await open(server.address)
    const claim = 'x'.repeat(780_000)
    await page.locator('#token').fill(unsigned({ claim, authorization: {}, exp: 4e9 }))
    await page
      .locator('#identity')
      .getByText('1015')
      .or(page.locator('#identity').getByText('MB'))
      .waitFor()
    expect(
      await page
        .locator('#raw')
        .textContent()
        .then((text) => text?.length ?? 0),
    ).toBeLessThan(70_000)
    await page.locator('#token').fill('y'.repeat(1_500_000))
    await page.locator('#verdict-text').getByText('token_too_large').waitFor()
    await page.locator('#token').fill('{"a":'.repeat(200_000))
    await page.locator('#verdict-text').getByText('token_malformed').waitFor()
    expect(complaints).toEqual([])
  })

  it('may be as deep as it likes', async () => {
    const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`
    const encode = (text: string): string => Buffer.from(text).toString('base64url')
    const { page } = await open(server.address)
    await page.locator('#token').fill(`${encode('{"alg":"RS256"}')}.${encode(deep)}.AAAA`)
    await page.locator('#verdict-text').getByText('token_malformed').waitFor()
  })

  it('may have claims of any kind', async () => {
    const { page, complaints } = await open(server.address)
    for (const claims of [
      {},
      { exp: 'soon', iat: null, nbf: [], authorization: [] },
      { exp: 9e300, authorization: 'admin' },
      { exp: -1e11, iat: 1e11, authorization: null },
      {
        exp: 8.64e15,
        iat: 1,
        authorization: { a: null, b: { roles: 'admin' }, c: { roles: [1] } },
      },
      { exp: 1, iat: 5, nbf: 9, sub: '', userId: {}, aud: [[[]]] },
      JSON.parse(
        '{"__proto__":{"roles":["admin"]},"authorization":{"__proto__":{"roles":["admin"]}}}',
      ),
    ]) {
      await page.locator('#token').fill(unsigned(claims))
      await page.locator('#report').waitFor()
      await page.getByLabel('act as').fill('admin')
      await page.getByLabel('in tenant').fill('__proto__')
      await page.locator('#answer').getByText('tenant_forbidden').waitFor()
    }
    expect(complaints).toEqual([])
  })

  it('is never an answer that comes late', async () => {
    const { jwt, jwks, issuer } = await goodToken()
    const forged = await issuer.forged()
    const { page } = await open(server.address)
    await page.locator('#keys').fill(jwks)
    const shown = await page.evaluate(
      async ([good, bad]) => {
        // The signature of the first token takes longer than that of the second.
        const verify = crypto.subtle.verify.bind(crypto.subtle)
        const waiting: (() => void)[] = []
        let first: Promise<boolean> | undefined
        crypto.subtle.verify = async (...values) => {
          if (first !== undefined) return await verify(...values)
          first = new Promise<void>((resolve) => waiting.push(resolve)).then(() =>
            verify(...values),
          )
          return await first
        }
        const paste = (token = ''): void => {
          const area = document.querySelector('textarea')
          if (area !== null) area.value = token
          area?.dispatchEvent(new Event('input'))
        }
        const until = async (isDone: () => boolean): Promise<void> => {
          while (!isDone()) await new Promise((resolve) => setTimeout(resolve))
        }
        const verdict = document.querySelector('#verdict-text')
        paste(good)
        await until(() => waiting.length > 0)
        paste(bad)
        await until(() => verdict?.textContent?.includes('signature_invalid') === true)
        for (const proceed of waiting) proceed()
        await first
        await new Promise((resolve) => setTimeout(resolve))
        return verdict?.textContent
      },
      [jwt, forged],
    )
    expect(shown).toContain('signature_invalid')
  })
})
