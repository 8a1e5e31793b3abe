/** Which versions are running. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The versions of this program, of core and of Node. */
export interface Versions {
  readonly version: string
  readonly core: string
  readonly node: string
}

/** Reads the versions out of the packages themselves. */
export function readVersions(): Versions {
  const core = createRequire(import.meta.url).resolve('@tenantry/core/package.json')
  return {
    version: versionIn(new URL('../package.json', import.meta.url)),
    core: versionIn(core),
    node: process.versions.node,
  }
}

function versionIn(path: string | URL): string {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const version: unknown =
    typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'version') : undefined
  return typeof version === 'string' ? version : 'unknown'
}
