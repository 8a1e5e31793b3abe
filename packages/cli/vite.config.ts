import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import { buildPage } from '../inspector/build/build-page.ts'

const here = import.meta.dirname
const core = join(here, '../core')

// A program, not a library: nobody imports it. Everything that it needs is in it, so that npx has
// one package to fetch and starting it reads few files. What only some commands need is in files of
// their own. Rollup makes them, because esbuild would put all of core into the file that is always
// read.
export default defineConfig({
  root: here,
  logLevel: 'warn',
  // The sources of core and report, the same that the tests run on.
  ssr: { noExternal: true, resolve: { conditions: ['@tenantry/source', 'node', 'import'] } },
  define: { CORE_VERSION: JSON.stringify(versionOf(core)) },
  build: {
    ssr: true,
    outDir: 'dist',
    target: 'node20',
    minify: false,
    rollupOptions: {
      input: { bin: join(here, 'src/bin.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      // A module of Node that is imported and not used is not loaded either.
      treeshake: { moduleSideEffects: 'no-external' },
      onwarn(warning, warn) {
        // Comments in zod that are meant for another bundler.
        if (warning.code !== 'INVALID_ANNOTATION') warn(warning)
      },
    },
  },
  plugins: [inspector(), finish()],
})

function versionOf(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
}

/** The page is built by itself, for browsers, and is a text in the program. */
function inspector(): Plugin {
  const name = '@tenantry/inspector'
  return {
    name: 'inspector',
    enforce: 'pre',
    resolveId: (source) => (source === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined
      const { html, policy } = await buildPage()
      const lines = Object.entries({ html, policy }).map(
        ([key, text]) => `export const ${key} = ${JSON.stringify(text)}`,
      )
      return lines.join('\n')
    },
  }
}

/** What belongs to the program beside its code: the pages of the error codes, and a licence. */
function finish(): Plugin {
  return {
    name: 'finish',
    writeBundle({ dir: dist = join(here, 'dist') }) {
      cpSync(join(here, '../../docs/errors'), join(dist, 'errors'), { recursive: true })
      const zod = dirname(createRequire(join(core, 'package.json')).resolve('zod/package.json'))
      const licence = readFileSync(join(zod, 'LICENSE'), 'utf8')
      writeFileSync(join(dist, 'third-party-licences.txt'), `zod\n\n${licence}`)
      chmodSync(join(dist, 'bin.js'), 0o755)
    },
  }
}
