/**
 * The site. Its pages are the Markdown files of the repository, each at its own path, so that a link
 * leads to the same place on the site as on the forge.
 */
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { sidebarOf } from './sidebar.ts'
import { collectSources } from './sources.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const inspector = join(root, 'packages/inspector/dist/inspector.html')
const sources = collectSources(root)

export default defineConfig({
  title: 'Tenantry',
  description:
    'May this caller act as ROLE in TENANT? Authorization for servers with many tenants.',
  lang: 'en',
  // Otherwise every browser asks for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '..',
  srcExclude: ['.changeset/**', '**/CHANGELOG.md'],
  rewrites: { 'README.md': 'index.md' },
  markdown: {
    anchor: { slugify: forgeAnchor },
    config: sources.rewriteLinks,
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: 'deep',
    nav: [
      { text: 'Getting started', link: '/docs/getting-started' },
      { text: 'Token inspector', link: '/docs/inspector' },
      { text: 'Command line', link: '/docs/cli' },
    ],
    sidebar: sidebarOf(root),
  },
  buildEnd({ outDir }) {
    if (!existsSync(inspector))
      throw new Error('The inspector is not built: pnpm docs:build does it.')
    copyFileSync(inspector, join(outDir, 'token-inspector.html'))
    sources.write(outDir)
  },
})

/** The anchor that the forge gives a heading. */
function forgeAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
}
