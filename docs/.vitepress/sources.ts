/**
 * Links that lead to a source file or a folder of the repository. On the forge the forge shows them;
 * the site has them as text, so that the same link works in both.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/** What the pages link to that is no page. */
export interface Sources {
  /** Rewrites the links while Markdown becomes HTML. */
  readonly rewriteLinks: (markdown: MarkdownRenderer) => void
  /** Writes what they lead to. */
  readonly write: (outDir: string) => void
}

/** Collects the links of all pages. */
export function collectSources(root: string): Sources {
  const linked = new Set<string>()

  /** The address on the site; undefined for a link that VitePress understands by itself. */
  function addressOf(page: string, href: string): string | undefined {
    if (/^(?:[a-z][a-z0-9+.-]*:|#|\/)/i.test(href)) return undefined
    const [file = '', anchor = ''] = href.split('#')
    const target = join(dirname(page), file)
    const path = relative(root, target).split(sep).join('/')
    // The first page of the repository is the first page of the site.
    if (path === 'README.md') return anchor === '' ? '/' : `/#${anchor}`
    if (file.endsWith('.md') || path.startsWith('..') || !existsSync(target)) return undefined
    linked.add(path)
    return `/${textPath(path)}`
  }

  return {
    rewriteLinks(markdown) {
      markdown.core.ruler.push('links-to-sources', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          if (token.type !== 'link_open') continue
          const address = addressOf(env.path, String(token.attrGet('href')))
          if (address !== undefined) token.attrSet('href', address)
        }
      })
    },
    write(outDir) {
      for (const source of linked) writeSource(root, source, outDir)
    },
  }
}

/** A browser shows what is called `.txt`. */
function textPath(source: string): string {
  return `${source}.txt`
}

function writeSource(root: string, source: string, outDir: string): void {
  const from = join(root, source)
  const to = join(outDir, textPath(source))
  mkdirSync(dirname(to), { recursive: true })
  if (!statSync(from).isDirectory()) {
    cpSync(from, to)
    return
  }
  const names = readdirSync(from, { withFileTypes: true }).map((entry) =>
    posix.join(source, entry.isDirectory() ? `${entry.name}/` : entry.name),
  )
  writeFileSync(to, `${names.sort().join('\n')}\n`)
}
