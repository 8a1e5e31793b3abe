import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInChromium } from '../support/chromium.ts'
import { type PageServer, servePage } from '../support/page-server.ts'
import { goodToken } from '../support/tokens.ts'

let server: PageServer
beforeAll(async () => {
  server = await servePage()
})
afterAll(() => server.close())

describeInChromium('the page keeps a token to itself', (open) => {
  it('makes no request, whatever is done with it', async () => {
    const { jwt, jwks } = await goodToken({
      iss: 'https://auth.example.com',
      picture: server.address,
    })
    const { page, requests, complaints } = await open(server.address)
    const before = server.paths.length
    await page.locator('#token').fill(jwt)
    await page.locator('#keys').fill(jwks)
    await page.locator('#verdict[data-tone=good]').waitFor()
    await page.getByLabel('act as').fill('admin')
    await page.getByLabel('in tenant').fill('acme')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByText('This page cannot make network requests').click()
    await page.getByRole('button', { name: 'Copy curl' }).click()
    await page.getByRole('button', { name: 'Example' }).click()
    // Its key is made first; only then is it there.
    await page.locator('#identity').getByText('example-1').waitFor()
    await page.getByRole('slider').press('End')
    await page.locator('#verdict[data-tone=bad]').waitFor()
    expect(requests.filter((address) => !address.startsWith('data:'))).toEqual([server.address])
    expect(server.paths).toHaveLength(before)
    expect(complaints).toEqual([])
  })

  it.each([
    ['fetch', 'connect-src', `fetch(location.href).catch((error) => { throw error })`],
    [
      'XMLHttpRequest',
      'connect-src',
      `{ const x = new XMLHttpRequest(); x.open('GET', '/x'); x.send() }`,
    ],
    ['sendBeacon', 'connect-src', `navigator.sendBeacon('/x', 'token')`],
    ['WebSocket', 'connect-src', `new WebSocket('ws://' + location.host + '/x')`],
    ['EventSource', 'connect-src', `new EventSource('/x')`],
    ['an image', 'img-src', `new Image().src = '/x'`],
    [
      'a form',
      'form-action',
      `{ const f = document.createElement('form'); f.action = '/x'; document.body.append(f); f.submit() }`,
    ],
    [
      'a frame',
      'frame-src',
      `{ const f = document.createElement('iframe'); f.src = '/x'; document.body.append(f) }`,
    ],
    [
      'a style sheet',
      'style-src-elem',
      `{ const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = '/x'; document.head.append(l) }`,
    ],
    [
      'a script in the page',
      'script-src-elem',
      `{ const s = document.createElement('script'); s.append('window.ran = 1'); document.body.append(s) }`,
    ],
  ])('the policy refuses %s', async (_, directive, code) => {
    const { page } = await open(server.address)
    const before = server.paths.length
    await page.evaluate(() => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        document.documentElement.dataset['refused'] = effectiveDirective
      })
    })
    // Runs as in the developer tools, which may do what the policy forbids a page: run a text.
    await page.evaluate(code).catch(() => undefined)
    const refused = await page.waitForFunction(() => document.documentElement.dataset['refused'])
    expect([directive, 'require-trusted-types-for']).toContain(await refused.jsonValue())
    expect(server.paths).toHaveLength(before)
    expect(await page.evaluate(() => Reflect.get(window, 'ran'))).toBeUndefined()
  })

  it('reads a token out of the fragment once, and shows it nowhere else', async () => {
    const { jwt, jwks } = await goodToken()
    const fragment = `#token=${jwt}&jwks=${encodeURIComponent(jwks)}`
    const { page, requests } = await open(server.address + fragment)
    await page.locator('#verdict-word').getByText('Signature matches').waitFor()
    expect(await page.locator('#token').inputValue()).toBe(jwt)
    const traces = await page.evaluate(() => ({
      address: location.href,
      entries: history.length,
      state: history.state,
      referrer: document.referrer,
      title: document.title,
      name: window.name,
      cookie: document.cookie,
      stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      timings: performance.getEntriesByType('navigation').map((entry) => entry.name),
      markup: document.documentElement.outerHTML,
    }))
    expect(traces.address).toBe(server.address)
    expect(traces.state).toBeNull()
    const [, payload = '', signature = ''] = jwt.split('.')
    const { timings, markup, ...rest } = traces
    expect(JSON.stringify(rest)).not.toContain(payload)
    expect(JSON.stringify(rest)).not.toContain(signature)
    expect(JSON.stringify(rest)).toContain('"stored":"[{},{}]"')
    expect(timings).toHaveLength(1)
    // The three tinted parts are the token that is looked at; no attribute has it.
    expect(markup.split(signature)).toHaveLength(2)
    expect(requests.every((address) => !address.includes(signature))).toBe(true)
    expect(server.paths.every((path) => !path.includes('token'))).toBe(true)
    await page.reload()
    expect(await page.locator('#token').inputValue()).toBe('')
  })

  it('takes a token that comes into the address later, too', async () => {
    const { jwt } = await goodToken()
    const { page } = await open(server.address)
    await page.evaluate((token) => {
      location.hash = `token=${token}`
    }, jwt)
    await page.locator('#report').waitFor()
    expect(page.url()).toBe(server.address)
  })

  it('lets the browser neither keep nor check what is typed', async () => {
    const { page } = await open(server.address)
    for (const id of ['token', 'keys']) {
      const area = page.locator(`#${id}`)
      expect(await area.getAttribute('autocomplete')).toBe('off')
      expect(await area.getAttribute('spellcheck')).toBe('false')
    }
  })
})
