/** Runtime: what runs here, and what is installed in the current folder. */

import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '@tenantry/report'
import { memberOf, parseJson } from '../jwks/published-set.ts'
import { type Finding, fail, none, ok, warn } from './check.ts'

/** D50 and D51. */
export function checkRuntime(): readonly Finding[] {
  return [checkNode(process.versions.node), checkCopies(copiesOfCore(process.cwd()))]
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return ok('D50', `Node ${version}`)
  return fail('D50', `Node ${version}`, 'Tenantry needs Node 20.19 or newer')
}

function checkCopies(folders: readonly string[]): Finding {
  const found = folders.map(versionIn)
  const [only] = found
  if (only === undefined) return none('D51', 'no @tenantry/core in this folder')
  if (found.length === 1) return ok('D51', `@tenantry/core ${only}`)
  const detail = `${found.length} copies of @tenantry/core: ${found.join(', ')}`
  return warn('D51', detail, 'let all packages have one: tokens of one copy are strange to another')
}

/** Where packages of this folder have a core: at the top, below another package, in a store. */
function copiesOfCore(folder: string): readonly string[] {
  const modules = join(folder, 'node_modules')
  const below = [...list(join(modules, '@tenantry'), '@tenantry'), ...list(modules, '')]
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(modules, name, 'node_modules'))
  const stored = list(join(modules, '.pnpm'), '').filter((name) =>
    name.startsWith('@tenantry+core@'),
  )
  const inStore = stored.map((name) => join(modules, '.pnpm', name, 'node_modules'))
  const candidates = [modules, ...below, ...inStore].map((path) => join(path, '@tenantry/core'))
  return [
    ...new Set(candidates.filter((path) => existsSync(path)).map((path) => realpathSync(path))),
  ]
}

function list(folder: string, scope: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(scope, name))
  } catch {
    return []
  }
}

function versionIn(folder: string): string {
  try {
    const version = memberOf(parseJson(readFileSync(join(folder, 'package.json'))), 'version')
    return typeof version === 'string' ? quote(version, 30).slice(1, -1) : 'unknown'
  } catch {
    return 'unknown'
  }
}
