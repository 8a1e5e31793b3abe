/** The programs of a page, saved where a reader saves them: in one folder, with the packages installed. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { examplesOf, namedFile } from './compile-examples.ts'
import { readPage, root } from './pages.ts'

export interface PageFolder {
  readonly path: string
  remove(): void
}

/** Writes every example that names its file, changed by `edit`. */
export function pageFolder(page: string, edit: (code: string) => string = (c) => c): PageFolder {
  const path = mkdtempSync(join(tmpdir(), 'tenantry-page-'))
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'), 'junction')
  writeFileSync(join(path, 'package.json'), '{ "type": "module" }')
  for (const { code } of examplesOf(readPage(page))) {
    const name = namedFile(code)
    if (name !== undefined) writeFileSync(join(path, name), edit(code))
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
