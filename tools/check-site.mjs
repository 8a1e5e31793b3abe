// Whether every link of the built documentation site leads to a page that is there, and every anchor
// to a heading of it. Usage: node tools/check-site.mjs docs/.vitepress/dist
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

const site = process.argv[2] ?? 'docs/.vitepress/dist'
const pages = readdirSync(site, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.html'))
const broken = []
let links = 0

for (const page of pages) {
  const html = readFileSync(join(site, page), 'utf8')
  for (const [, href] of html.matchAll(/<a [^>]*?href="([^"]*)"/g)) {
    if (/^[a-z]+:/.test(href)) continue
    links += 1
    if (!leadsSomewhere(page, decodeURI(href.replaceAll('&amp;', '&')))) {
      broken.push(`${page}: ${href}`)
    }
  }
}

function leadsSomewhere(page, href) {
  const [path, anchor] = href.split('#')
  const plain = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(page), path)
  const target =
    path === '' ? page : plain === '' || plain.endsWith('/') ? `${plain}index.html` : plain
  const file = join(site, target)
  if (!existsSync(file) || !statSync(file).isFile()) return false
  return !anchor || readFileSync(file, 'utf8').includes(`id="${anchor}"`)
}

for (const line of broken) console.error(line)
console.log(`${pages.length} pages, ${links} links, ${broken.length} broken`)
process.exit(broken.length === 0 && links > 100 ? 0 : 1)
