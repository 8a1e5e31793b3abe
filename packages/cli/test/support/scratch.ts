/** A folder of its own for a test, which goes away with the tests of the file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []

/** Makes an empty folder. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-scratch-'))
  folders.push(folder)
  return folder
}

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
