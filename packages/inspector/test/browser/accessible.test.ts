import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInChromium } from '../support/chromium.ts'
import { type PageServer, servePage } from '../support/page-server.ts'
import { goodToken } from '../support/tokens.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let server: PageServer
beforeAll(async () => {
  server = await servePage()
})
afterAll(() => server.close())

/** The rules that the page breaks, and where. */
async function violations(page: Page): Promise<unknown> {
  // As the developer tools do it: the policy of the page lets no other script in.
  await page.evaluate(axe)
  return await page.evaluate(async () => {
    const run: unknown = Reflect.get(Reflect.get(window, 'axe'), 'run')
    if (typeof run !== 'function') throw new Error('axe is not there')
    const { violations } = await run(document)
    return violations.map(
      (rule: { id: string; nodes: { html: string; failureSummary: string }[] }) => [
        rule.id,
        rule.nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
      ],
    )
  })
}

/** The states of the page that look different. */
async function visit(page: Page, state: string): Promise<void> {
  const { jwt, jwks, issuer } = await goodToken({ extra: { deep: [1, 2] } })
  if (state === 'empty') return
  if (state === 'no token') {
    await page.locator('#token').fill('abc')
    await page.locator('#keys').fill('abc')
    await page.locator('#verdict[data-tone=bad]').waitFor()
    return
  }
  if (state !== 'not verified') await page.locator('#keys').fill(jwks)
  const many = Array.from({ length: 12 }, (_, index) => `role-${index}`)
  const wide = { authorization: { acme: { roles: many }, Аcme: { roles: [] } } }
  const tokens: Readonly<Record<string, string>> = {
    refused: await issuer.forged({ authorization: { acme: { roles: ['admin'] } } }),
    'many roles': await issuer.token(wide),
  }
  await page.locator('#token').fill(tokens[state] ?? jwt)
  await page.locator('#report').waitFor()
  await page.getByLabel('act as').fill('admin')
  await page.getByLabel('in tenant').fill(state === 'verified' ? 'acme' : 'Acme')
  await page.getByText('Also compare the claims').click()
  for (const summary of await page.locator('#notes summary').all()) await summary.click()
  await page.getByText('This page cannot make network requests').click()
}

const states = ['empty', 'no token', 'not verified', 'verified', 'refused', 'many roles'] as const

describeInChromium('the page for everybody', (open) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it.each(states)(`breaks no rule of axe-core in ${colorScheme}: %s`, async (state) => {
      const { page } = await open(server.address, { colorScheme })
      await visit(page, state)
      expect(await violations(page)).toEqual([])
    })
  }

  it('has a theme button that wins over the system, without keeping anything', async () => {
    const { page } = await open(server.address, { colorScheme: 'light' })
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.getByRole('button', { name: 'Theme: automatic' }).click()
    expect(await ground()).toBe(light)
    await page.getByRole('button', { name: 'Theme: light' }).click()
    expect(await ground()).not.toBe(light)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Theme: dark' }).click()
    expect(await ground()).toBe(light)
    await page.reload()
    await page.getByRole('button', { name: 'Theme: automatic' }).waitFor()
  })

  it('speaks to a screen reader: headings, labels, live answers', async () => {
    const { page } = await open(server.address)
    await visit(page, 'verified')
    const tree = await page.locator('body').ariaSnapshot()
    for (const line of [
      '- heading "Tenantry Token inspector" [level=1]',
      '- heading "Token" [level=2]',
      '- textbox "Token"',
      '- textbox "Keys of the issuer"',
      '- heading "Life" [level=2]',
      '- slider "As of"',
      '- heading "Tenants 3 tenants · 3 roles" [level=2]',
      '- searchbox "Filter tenants and roles"',
      '- table "Roles by tenant"',
      '- table "Payload"',
    ]) {
      expect(tree).toContain(line)
    }
    const live = await page.locator('[role=status]').evaluateAll((all) => all.map(({ id }) => id))
    expect(live).toEqual(['verdict-line', 'answer', 'matrix-more', 'copied'])
  })

  it.each([360, 768, 1280])('fits into %i pixels, with nothing cut off', async (width) => {
    const { page } = await open(server.address, { viewport: { width, height: 800 } })
    for (const state of ['empty', 'verified', 'many roles']) {
      await page.reload()
      await visit(page, state)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
    }
  })

  it('can be made larger, and printed', async () => {
    const { page } = await open(server.address, { viewport: { width: 640, height: 800 } })
    await visit(page, 'verified')
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.inputs').isVisible()).toBe(false)
    expect(await page.locator('#matrix').isVisible()).toBe(true)
  })
})
