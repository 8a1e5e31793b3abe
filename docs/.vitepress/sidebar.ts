/** The pages of the site in the order in which one reads them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'

type Item = DefaultTheme.SidebarItem

/** Makes the sidebar. Titles are the first headings of the pages. */
export function sidebarOf(root: string): Item[] {
  const page = (path: string): Item => ({
    text: titleOf(join(root, path)),
    link: `/${path.replace(/\.md$/, '')}`,
  })
  const folder = (path: string): Item[] =>
    readdirSync(join(root, path))
      .filter((name) => name.endsWith('.md') && name !== 'index.md')
      .sort()
      .map((name) => page(`${path}/${name}`))
  const packages = readdirSync(join(root, 'packages'))
    .map((name) => `packages/${name}/README.md`)
    .filter((path) => titleOf(join(root, path)) !== '')
  return [
    {
      text: 'Start here',
      items: [
        page('docs/getting-started.md'),
        ...folder('docs/guides'),
        page('docs/examples/index.md'),
        ...folder('docs/migrate'),
      ],
    },
    { text: 'Understand', items: folder('docs/concepts') },
    { text: 'Tools', items: ['docs/inspector.md', 'docs/cli.md', 'docs/testing.md'].map(page) },
    {
      text: 'Look up',
      items: [
        ...folder('docs/reference'),
        ...['docs/runtimes.md', 'docs/performance.md'].map(page),
        ...packages.map(page),
      ],
    },
    {
      text: 'Errors',
      collapsed: true,
      items: [page('docs/errors/index.md'), ...folder('docs/errors')],
    },
    { text: 'The project', items: ['SECURITY.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].map(page) },
  ]
}

/** The first heading, or nothing for a file that is not there. */
function titleOf(path: string): string {
  try {
    return /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.replaceAll('`', '') ?? ''
  } catch {
    return ''
  }
}
