import { createTestIssuer } from '@tenantry/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInChromium } from '../support/chromium.ts'
import { type PageServer, servePage } from '../support/page-server.ts'
import { authorization, goodToken } from '../support/tokens.ts'

let server: PageServer
beforeAll(async () => {
  server = await servePage()
})
afterAll(() => server.close())

/** Waits until an element says this. */
async function says(page: Page, selector: string, text: string | RegExp): Promise<void> {
  const found = page.locator(selector).filter({ hasText: text })
  await found.first().waitFor({ timeout: 10_000 })
}

/** Puts text on the clipboard and pastes it, as a person does. */
async function paste(page: Page, selector: string, text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await page.locator(selector).focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+V')
}

async function ask(page: Page, role: string, tenant: string): Promise<void> {
  await page.getByLabel('act as').fill(role)
  await page.getByLabel('in tenant').fill(tenant)
}

describeInChromium('the page', (open) => {
  it('decodes what is pasted, and says that nobody has verified it', async () => {
    const { jwt } = await goodToken()
    const { page, complaints } = await open(server.address)
    await paste(page, '#token', `Authorization: Bearer "${jwt.slice(0, 50)}\n   ${jwt.slice(50)}"`)
    await says(page, '#verdict-line', 'Not verified')
    await says(page, '#verdict-text', 'anybody can have written this token')
    await says(page, '#identity', 'user 7')
    await says(page, '#moments', 'in 59 minutes')
    await says(page, '#claims', 'The workspace that issued the token')
    expect(await page.title()).toBe('Not verified · Token inspector')
    await page.locator('#token').fill(JSON.stringify({ access_token: jwt }))
    await says(page, '#identity', 'access token')
    await page.locator('#token').fill('not a token')
    await says(page, '#verdict-line', 'Not an access token')
    await says(page, '#verdict-text', 'token_malformed')
    expect(await page.locator('#report').isVisible()).toBe(false)
    expect(complaints).toEqual([])
  })

  it('verifies with a pasted JWK Set, with WebCrypto', async () => {
    const { jwt, jwks, issuer } = await goodToken()
    const { page, complaints } = await open(server.address)
    await paste(page, '#token', jwt)
    await paste(page, '#keys', jwks)
    await says(page, '#verdict-line', 'Verified')
    await says(page, '#verdict-text', 'The signature matches')
    await page.locator('#token').fill(await issuer.forged({ userId: 7 }))
    await says(page, '#verdict-line', 'Refused')
    await says(page, '#verdict-text', 'signature_invalid')
    await page.locator('#token').fill(await issuer.refreshToken())
    await says(page, '#verdict-text', 'token_kind_unexpected')
    await page.locator('#keys').fill('https://auth.example.com/jwks.json')
    await says(page, '#keys-fault', 'This page cannot fetch an address')
    await says(page, '#verdict-line', 'Not verified')
    expect(complaints).toEqual([])
  })

  it('calls nothing verified with keys that came in the link', async () => {
    const { jwt, jwks, issuer } = await goodToken()
    const expired = await issuer.expired({ authorization })
    const fragment = `#token=${jwt}&jwks=${encodeURIComponent(jwks)}`
    const { page, complaints } = await open(server.address + fragment)
    await says(page, '#verdict-word', 'Signature matches')
    await says(page, '#verdict-text', /^With keys that came in the link: whoever made the link can/)
    expect(await page.locator('#verdict').getAttribute('data-tone')).toBe('warn')
    expect(await page.title()).toBe('Signature matches · Token inspector')
    await ask(page, 'admin', 'acme')
    await says(page, '#answer', 'yes, if it is genuine')
    await says(page, '#answer', 'the keys came in the link')
    await page.locator('#token').fill(expired)
    await says(page, '#verdict-text', 'matches, with keys that came in the link.')
    await page.locator('#token').fill(jwt)
    await says(page, '#verdict-word', 'Signature matches')
    // Now they are keys that the person has put in.
    await page.locator('#keys').fill(`${jwks}\n`)
    await says(page, '#verdict-line', 'Verified')
    expect(await page.locator('#verdict').getAttribute('data-tone')).toBe('good')
    expect(complaints).toEqual([])
  })

  it.each(['token', 'keys'])('says nothing of the %s before while it checks', async (box) => {
    const { jwt, jwks, issuer } = await goodToken()
    const { page } = await open(server.address)
    await page.locator('#keys').fill(jwks)
    await page.locator('#token').fill(jwt)
    await says(page, '#verdict-line', 'Verified')
    // A check that takes until the test lets it end.
    await page.evaluate(() => {
      const subtle = crypto.subtle
      const check = subtle.verify.bind(subtle)
      const released = new Promise((resolve) => addEventListener('released', resolve))
      subtle.verify = async (...values) => {
        await released
        return await check(...values)
      }
    })
    const forged = await issuer.forged({ authorization })
    const others = JSON.stringify(createTestIssuer().keys)
    await page.locator(`#${box}`).fill(box === 'token' ? forged : others)
    expect(await page.locator('#verdict-word').textContent()).toBe('Not verified')
    expect(await page.title()).toBe('Not verified · Token inspector')
    await page.evaluate(() => dispatchEvent(new Event('released')))
    await says(page, '#verdict-line', 'Refused')
  })

  it('says nothing of the token before when its check fails late', async () => {
    const { jwt, jwks } = await goodToken()
    const { page } = await open(server.address)
    await page.evaluate(() => {
      // The clock that checks again every second stands still in a tab that nobody sees.
      Object.defineProperty(document, 'hidden', { get: () => true })
      const released = new Promise((resolve) => addEventListener('released', resolve))
      Object.defineProperty(crypto.subtle, 'generateKey', { value: () => released })
    })
    await page.locator('#keys').fill(jwks)
    await page.locator('#token').fill(await createTestIssuer({ algorithm: 'EdDSA' }).token())
    await page.locator('#token').fill(jwt)
    await says(page, '#verdict-line', 'Verified')
    const outcome = await page.evaluate(async () => {
      const trim = String.prototype.trim
      let failures = 0
      String.prototype.trim = () => {
        failures++
        throw new TypeError('A defect.')
      }
      dispatchEvent(new Event('released'))
      await new Promise((resolve) => setTimeout(resolve))
      String.prototype.trim = trim
      return { failures, word: document.getElementById('verdict-word')?.textContent }
    })
    expect(outcome).toEqual({ failures: 1, word: 'Verified' })
  })

  it.each(['ES256', 'ES512', 'PS256', 'EdDSA', 'RS512'] as const)(
    'verifies %s',
    async (algorithm) => {
      const issuer = createTestIssuer({ algorithm })
      const { page } = await open(server.address)
      await page.locator('#keys').fill(JSON.stringify(issuer.keys))
      await page.locator('#token').fill(await issuer.token())
      await says(page, '#verdict-line', 'Verified')
      await page.locator('#token').fill(await issuer.forged())
      await says(page, '#verdict-text', 'signature_invalid')
    },
  )

  it('compares the claims that are filled in', async () => {
    const { jwt, jwks } = await goodToken({ iss: 'https://auth.example.com/' })
    const { page } = await open(server.address)
    await page.locator('#keys').fill(jwks)
    await page.locator('#token').fill(jwt)
    await page.getByText('Also compare the claims').click()
    await page.getByLabel('Issuer', { exact: true }).fill('https://auth.example.com')
    await says(page, '#verdict-text', 'issuer_mismatch')
    await says(page, '#verdict-text', 'The signature matches.')
    await page.getByLabel('Issuer', { exact: true }).fill('https://auth.example.com/')
    await says(page, '#verdict-line', 'Verified')
    await page.getByLabel('Mode').selectOption('live')
    await says(page, '#verdict-text', 'mode_mismatch')
  })

  it('shows tenants and roles as a table, and filters it', async () => {
    const { jwt } = await goodToken()
    const { page } = await open(server.address)
    await page.locator('#token').fill(jwt)
    const table = page.getByRole('table', { name: 'Roles by tenant' })
    expect(await table.getByRole('columnheader').allTextContents()).toEqual([
      'Tenant',
      'admin',
      'editor',
      'member',
    ])
    const acme = table
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'acme' }) })
    expect(await acme.getByRole('cell').allTextContents()).toEqual(['✓yes', '–no', '✓yes'])
    await says(page, '#matrix', 'no roles')
    await page.getByLabel('Filter tenants and roles').fill('GLOB')
    expect(await table.getByRole('rowheader').allTextContents()).toEqual(['globex'])
    await says(page, '#matrix-more', '1 of 3 tenants')
    await page.getByLabel('Filter tenants and roles').fill('zzz')
    await says(page, '#matrix', 'No tenant and no role is like it.')
  })

  it('answers "may this token do that there" in the words of the command', async () => {
    const { jwt, jwks, issuer } = await goodToken()
    const { page } = await open(server.address)
    await page.locator('#token').fill(jwt)
    await ask(page, 'admin', 'acme')
    await says(page, '#answer', 'yes, if it is genuine')
    await says(page, '#answer', 'Not verified; anybody can have written this token')
    await page.locator('#keys').fill(jwks)
    await says(page, '#answer', /^✓ yesThe token grants "admin" in tenant "acme"\.granted$/)
    await ask(page, 'admin', 'globex')
    await says(page, '#answer', 'The token does not grant "admin" in tenant "globex".')
    await says(page, '#answer', 'role_insufficient')
    await says(page, '#answer', /roles here\s*editor, member/)
    await says(page, '#answer', /held in\s*acme/)
    await ask(page, 'editor', 'Globex')
    await says(page, '#answer', 'tenant_forbidden')
    await says(page, '#answer', 'tenant ids are case-sensitive')
    await page.getByRole('button', { name: 'Use "globex"' }).click()
    await says(page, '#answer', 'The token grants "editor" in tenant "globex".')
    await page.locator('#token').fill(await issuer.expired({ authorization }))
    await ask(page, 'admin', 'acme')
    await says(page, '#answer', /^✗ no.*token_expired$/)
  })

  it('asks about the cell that is clicked', async () => {
    const { jwt } = await goodToken()
    const { page } = await open(server.address)
    await page.locator('#token').fill(jwt)
    await page.locator('td.not-held').first().click()
    expect(await page.getByLabel('act as').inputValue()).toBe('editor')
    expect(await page.getByLabel('in tenant').inputValue()).toBe('acme')
    await says(page, '#answer', 'role_insufficient')
  })

  it('shows another time with the slider, and goes back to now', async () => {
    const { jwt, jwks } = await goodToken()
    const { page } = await open(server.address)
    await page.locator('#keys').fill(jwks)
    await page.locator('#token').fill(jwt)
    await says(page, '#verdict-line', 'Verified')
    const slider = page.getByRole('slider', { name: 'As of' })
    await slider.focus()
    await page.keyboard.press('End')
    await says(page, '#verdict-line', 'Expired')
    await says(page, '#verdict-text', 'token_expired')
    await says(page, '#as-of', /^as of .*Z: expired$/)
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^as of .*: expired$/)
    expect(await page.title()).toBe('Expired · Token inspector')
    await ask(page, 'admin', 'acme')
    await says(page, '#answer', /^✗ no/)
    await slider.focus()
    await page.keyboard.press('Home')
    await says(page, '#verdict-text', 'claim_invalid')
    await page.getByRole('button', { name: 'Back to now' }).click()
    await says(page, '#verdict-line', 'Verified')
    await says(page, '#as-of', /^now: expires in/)
    await says(page, '#answer', /^✓ yes/)
  })

  it('counts the seconds, and notices the end', async () => {
    const issuer = createTestIssuer()
    // The clock of a verifier may be off by five seconds.
    const jwt = await issuer.token({}, { expiresIn: -2 })
    const { page } = await open(server.address)
    await page.locator('#keys').fill(JSON.stringify(issuer.keys))
    await page.locator('#token').fill(jwt)
    await says(page, '#verdict-line', 'Verified')
    await says(page, '#verdict-line', 'Expired')
  })

  it('copies the token in other forms', async () => {
    const { jwt } = await goodToken()
    const { page } = await open(server.address)
    await page.locator('#token').fill(jwt)
    for (const [name, start] of [
      ['Copy JSON', '{\n  "header": {\n    "alg": "RS256"'],
      ['Copy curl', "curl -H 'Authorization: Bearer eyJ"],
      ['Copy test fixture', 'import { createTestIssuer } from'],
    ] as const) {
      await page.getByRole('button', { name }).click()
      await says(page, '#copied', name.replace('Copy', 'Copied'))
      expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(start)
    }
  })

  it('has an example that is signed in the browser', async () => {
    const { page, complaints } = await open(server.address)
    await page.getByRole('button', { name: 'an example' }).click()
    await says(page, '#verdict-line', 'Verified')
    await says(page, '#answer', 'The token does not grant "admin" in tenant "globex".')
    await page.getByRole('button', { name: 'Clear' }).click()
    expect(await page.locator('#token').inputValue()).toBe('')
    expect(await page.locator('#keys').inputValue()).toBe('')
    expect(await page.locator('#report').isVisible()).toBe(false)
    expect(complaints).toEqual([])
  })

  it('takes a dropped file', async () => {
    const { jwt } = await goodToken()
    const { page } = await open(server.address)
    await page.locator('#token').evaluate((area, text) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], 'token.jwt'))
      area.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    }, jwt)
    await says(page, '#identity', 'user 7')
  })

  it('works as a file, too', async () => {
    const { writeFileSync, mkdtempSync } = await import('node:fs')
    const { join } = await import('node:path')
    const { tmpdir } = await import('node:os')
    const { html } = await import('@tenantry/inspector')
    const path = join(mkdtempSync(join(tmpdir(), 'tenantry-page-')), 'inspector.html')
    writeFileSync(path, html)
    const { page, complaints } = await open(`file://${path}`)
    await page.getByRole('button', { name: 'an example' }).click()
    await says(page, '#verdict-line', 'Verified')
    expect(complaints).toEqual([])
  })

  it('is used with the keyboard only', async () => {
    const { jwt, jwks } = await goodToken()
    const { page } = await open(server.address)
    await page.evaluate((text) => navigator.clipboard.writeText(text), jwt)
    const reach = async (id: string): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        if ((await page.evaluate(() => document.activeElement?.id)) === id) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`Tab does not reach #${id}`)
    }
    await reach('token')
    await page.keyboard.press('Control+V')
    await page.evaluate((text) => navigator.clipboard.writeText(text), jwks)
    await reach('keys')
    await page.keyboard.press('Control+V')
    await says(page, '#verdict-line', 'Verified')
    await reach('time')
    await page.keyboard.press('End')
    await says(page, '#verdict-line', 'Expired')
    await reach('now')
    await page.keyboard.press('Enter')
    await says(page, '#verdict-line', 'Verified')
    await reach('ask-role')
    await page.keyboard.type('admin')
    await reach('ask-tenant')
    await page.keyboard.type('acme')
    await page.keyboard.press('Enter')
    await says(page, '#answer', /^✓ yes/)
    await reach('filter')
    await page.keyboard.type('initech')
    await says(page, '#matrix-more', '1 of 3 tenants')
    await reach('matrix')
    const outline = await page
      .locator('#matrix')
      .evaluate((table) => getComputedStyle(table).outlineStyle)
    expect(outline).toBe('solid')
  })
})
