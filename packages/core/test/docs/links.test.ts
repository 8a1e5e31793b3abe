import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, markdownPages, readPage, root, withoutFences } from './pages.ts'

/** The anchors that the forge gives the headings of a page. */
function anchorsOf(text: string): Set<string> {
  const headings = withoutFences(text).matchAll(/^#+ (.+)$/gm)
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('the links of the documentation', () => {
  it.each(markdownPages())('$path: lead to files and headings that exist', ({ path, text }) => {
    const broken: string[] = []
    for (const [, target = ''] of withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const to = file === '' ? path : posix.join(posix.dirname(path), file)
      const exists = existsSync(join(root, to))
      if (exists && (anchor === undefined || anchorsOf(readPage(to).text).has(anchor))) continue
      broken.push(target)
    }
    expect(broken).toEqual([])
  })
})

describe('the page of a package', () => {
  const published = filesIn('packages', 'package.json').filter(
    (path) => JSON.parse(readPage(path).text).private !== true,
  )

  it.each(published)('beside %s stands alone in its tarball', (path) => {
    const { text } = readPage(path.replace('package.json', 'README.md'))
    expect(withoutFences(text)).not.toMatch(/\]\((?!#)/)
  })
})
