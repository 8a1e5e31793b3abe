/** Writes the page to `dist`: as the file that people open, and as the module that the command bundles. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { buildPage } from './build-page.ts'

const dist = new URL('../dist/', import.meta.url)
const { html, policy } = await buildPage()
const moduleText = [
  `export const html = ${JSON.stringify(html)}`,
  `export const policy = ${JSON.stringify(policy)}`,
  '',
].join('\n')
mkdirSync(dist, { recursive: true })
writeFileSync(new URL('inspector.html', dist), html)
writeFileSync(new URL('page.js', dist), moduleText)
