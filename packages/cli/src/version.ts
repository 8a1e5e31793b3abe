/** Which versions are running. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The versions of this program, of core and of Node. */
export interface Versions {
  readonly version: string
  readonly core: string
  readonly node: string
}

/** The version of the core that is built into the program. Not there in the sources. */
declare const CORE_VERSION: string | undefined

/** Reads the versions out of the packages themselves. */
export function readVersions(): Versions {
  return {
    version: versionIn(new URL('../package.json', import.meta.url)),
    core: typeof CORE_VERSION === 'string' ? CORE_VERSION : versionIn(corePackage()),
    node: process.versions.node,
  }
}

function corePackage(): string {
  return createRequire(import.meta.url).resolve('@tenantry/core/package.json')
}

function versionIn(path: string | URL): string {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const version: unknown =
    typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'version') : undefined
  return typeof version === 'string' ? version : 'unknown'
}
