/**
 * Test vectors of others, read where they lie: in a folder beside the repository, never in it.
 * Without the folder every suite of vectors shows one skipped test that says so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'

const beside = fileURLToPath(new URL('../../../../../shared/vectors', import.meta.url))
const folder = process.env['TENANTRY_VECTORS'] ?? beside

/** A suite that needs some folder of the vectors. */
export function describeVectors(needed: string, name: string, body: () => void): void {
  const present = existsSync(join(folder, needed))
  describe(name, () => {
    it.skipIf(!present)(
      present ? 'third-party vectors: found' : 'third-party vectors: skipped, folder not found',
      () => undefined,
    )
    if (present) body()
  })
}

export function readBytes(path: string): Buffer {
  return readFileSync(join(folder, path))
}

/** The content of a JSON file. What its shape is, the suite that reads it says. */
export function readVectors<Shape>(path: string): Shape {
  return JSON.parse(readBytes(path).toString('utf8')) as Shape
}

export function filesIn(path: string): string[] {
  return readdirSync(join(folder, path)).filter((name) => name.endsWith('.json'))
}
