/** Takes the picture of the page that README.md and docs/inspector.md show. Needs Chromium. */
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const page = pathToFileURL(fileURLToPath(new URL('../dist/inspector.html', import.meta.url)))
const picture = fileURLToPath(new URL('../../../docs/images/inspector.png', import.meta.url))
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
const tab = await browser.newPage({ viewport: { width: 1280, height: 944 }, colorScheme: 'light' })
await tab.clock.setFixedTime('2026-11-20T15:48:00Z')
await tab.goto(page.href)
await tab.getByRole('button', { name: 'an example' }).click()
await tab.locator('#verdict[data-tone=good]').waitFor()
await tab.mouse.move(0, 0)
await tab.screenshot({ path: picture })
await browser.close()
