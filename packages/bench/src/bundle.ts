/**
 * Compiles what runs in processes of its own: with Tenantry inside, built as its packages are
 * published, and with every other contender as it was installed.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const home = join(import.meta.dirname, '..')

/** A program that the benches start. */
export type Program = 'operation' | 'server' | 'load' | 'memory' | 'tenants'

/** Where a program is when everything was compiled. */
export function pathOf(program: Program): string {
  return join(home, 'dist', `${program}.js`)
}

/** Compiles all programs; takes a fraction of a second. */
export async function compilePrograms(): Promise<void> {
  await build({
    absWorkingDir: home,
    entryPoints: {
      operation: 'src/operations/operation.ts',
      server: 'src/http/server.ts',
      load: 'src/http/load.ts',
      memory: 'src/memory/memory.ts',
      tenants: 'src/tenants/tenants.ts',
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    // The settings of tsup.base.ts.
    target: 'node20',
    keepNames: true,
    conditions: ['@tenantry/source'],
    external: installed(),
    // For what is bundled and written in CommonJS.
    banner: {
      js: "import { createRequire as c } from 'node:module'; const require = c(import.meta.url)",
    },
    logLevel: 'warning',
  })
}

/** The other contenders, and the frameworks. */
function installed(): string[] {
  const { devDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return Object.keys(devDependencies).filter((name) => !name.startsWith('@tenantry/'))
}
