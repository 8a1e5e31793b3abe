/**
 * A real Chromium. Where there is none, every suite that needs it shows one skipped test that says
 * so; with Debian it is `apt-get install chromium`.
 */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'

const places = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const executablePath = places.find((path) => path !== undefined && existsSync(path))

/** No sandbox, because tests run as root in containers; and nothing that a browser does by itself. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A page that is looked at, and what it did. */
export interface Visit {
  readonly page: Page
  /** The address of every request, those of the page itself included. */
  readonly requests: readonly string[]
  /** What the browser wrote to its console, and what was thrown. */
  readonly complaints: readonly string[]
}

/** Opens pages in the browser of a suite. */
export type Open = (address: string, options?: BrowserContextOptions) => Promise<Visit>

/** Opens a page in a browser that keeps its profile in this folder, as that of a person does. */
export type OpenKept = (folder: string, address: string) => Promise<Page>

/** A suite that runs in Chromium. Whoever opens a page in a kept profile closes its context. */
export function describeInChromium(
  name: string,
  body: (open: Open, openKept: OpenKept) => void,
): void {
  const isThere = executablePath !== undefined
  // The list of tests shows names of skipped ones only when it is asked to.
  if (!isThere) process.stderr.write(`\nSKIPPED, there is no Chromium: ${name}\n`)
  describe(name, () => {
    it.skipIf(!isThere)(
      isThere ? 'Chromium: found' : 'Chromium: skipped, none found (apt-get install chromium)',
      () => undefined,
    )
    if (isThere) body(withBrowser(executablePath), withProfile(executablePath))
  })
}

function withBrowser(path: string): Open {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: path, args })
  })
  afterAll(() => browser?.close())
  return async (address, options = {}) => {
    if (browser === undefined) throw new Error('The browser did not start.')
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await context.newPage()
    const requests: string[] = []
    const complaints: string[] = []
    context.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(address)
    return { page, requests, complaints }
  }
}

function withProfile(path: string): OpenKept {
  return async (folder, address) => {
    const context = await chromium.launchPersistentContext(folder, { executablePath: path, args })
    const page = await context.newPage()
    await page.goto(address)
    return page
  }
}
