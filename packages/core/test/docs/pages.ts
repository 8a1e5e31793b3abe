/** The files of the repository that the documentation is made of. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export const root: string = join(import.meta.dirname, '../../../..')

/** A file, by its path from the root with forward slashes. */
export interface Page {
  readonly path: string
  readonly text: string
}

export function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}

/** Every Markdown page for readers: in the root, in `docs`, and one for each package. */
export function markdownPages(): Page[] {
  return [
    ...filesIn('.', '.md', false),
    ...filesIn('docs', '.md'),
    ...filesIn('packages', '.md').filter((path) => /^packages\/[^/]+\/README\.md$/.test(path)),
  ].map(readPage)
}

/** The sources whose comments are documentation. */
export function documentedSources(): Page[] {
  return ['core', 'databases', 'express', 'fastify', 'mongoose', 'postgres', 'testing']
    .map((name) => `packages/${name}/src`)
    .flatMap((folder) => filesIn(folder, '.ts'))
    .map(readPage)
}

/** Paths of the files below a folder, without what was installed or built. */
export function filesIn(folder: string, extension: string, deep = true): string[] {
  const found: string[] = []
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = relative(root, join(root, folder, entry.name))
      .split(sep)
      .join('/')
    if (entry.isFile() && entry.name.endsWith(extension)) found.push(path)
    if (!entry.isDirectory() || !deep || /^(node_modules|dist|coverage)$/.test(entry.name)) continue
    found.push(...filesIn(path, extension))
  }
  return found.sort()
}

/** The text without fenced blocks, every line where it was. */
export function withoutFences(text: string): string {
  let fenced = false
  const lines = text.split('\n').map((line) => {
    const fence = /^\s*```/.test(line)
    if (fence) fenced = !fenced
    return fence || fenced ? '' : line
  })
  return lines.join('\n')
}
