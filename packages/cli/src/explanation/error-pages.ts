/** The documentation of the error codes, as it was when this program was built. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Beside the built program, or in the checkout when it runs from its sources. */
const folders = ['./errors/', '../../../../docs/errors/']

function folder(): URL | undefined {
  return folders
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(new URL('index.md', url)))
}

/** Every code that has a page. */
export function errorCodes(): readonly string[] {
  const place = folder()
  if (place === undefined) return []
  return readdirSync(place)
    .filter((name) => /^[a-z_]+\.md$/.test(name) && name !== 'index.md')
    .map((name) => name.slice(0, -'.md'.length))
    .sort()
}

/** The page of a code, in Markdown; undefined when there is none. */
export function errorPage(code: string): string | undefined {
  const place = folder()
  // Nothing else may become a part of the path.
  if (place === undefined || !errorCodes().includes(code)) return undefined
  return readFileSync(new URL(`${code}.md`, place), 'utf8')
}
