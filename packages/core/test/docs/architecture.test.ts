import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, readPage } from './pages.ts'

const src = 'packages/core/src'
const files = filesIn(src, '.ts').map((path) => {
  const { text } = readPage(path)
  const imports = [...text.matchAll(/^(?:import|export|\}) (?:.* )?from '(.+)'$/gm)]
  return { path: posix.relative(src, path), imports: imports.map(([, from = '']) => from) }
})

/** The floors in the order of the page, from the top down. */
const floors = [...readPage('ARCHITECTURE.md').text.matchAll(/^\| `(\w+)\/` +\|/gm)].map(
  ([, floor = '']) => floor,
)

/** The floor of a file; undefined for the files beside the floors. */
function floorOf(path: string): string | undefined {
  return path.includes('/') ? path.split('/', 1)[0] : undefined
}

describe('the house as ARCHITECTURE.md has it', () => {
  it('has the floors that are there, and no others', () => {
    const folders = new Set(files.map(({ path }) => floorOf(path)).filter((floor) => floor))
    expect([...folders].sort()).toEqual([...floors].sort())
  })

  it.each(files)('$path imports from its own floor and those below', ({ path, imports }) => {
    const own = floorOf(path)
    const upwards = imports
      .map((from) => (from === '#engine' ? 'crypto/engine.ts' : from))
      .filter((from) => from.startsWith('.') || from.startsWith('crypto/'))
      .map((from) => (from.startsWith('.') ? posix.join(posix.dirname(path), from) : from))
      .filter((to) => {
        const floor = floorOf(to)
        if (path === 'index.ts') return false
        if (floor === undefined) return !['errors.ts', 'events.ts', 'plain-options.ts'].includes(to)
        return own === undefined || floors.indexOf(floor) < floors.indexOf(own)
      })
    expect(upwards).toEqual([])
  })

  it('loads jose for WebCrypto only, and zod for options only', () => {
    const users = (name: string) =>
      files.filter(({ imports }) => imports.includes(name)).map(({ path }) => path)
    expect(users('jose')).toEqual(['crypto/web.ts'])
    expect(users('zod/mini')).toEqual(['verify/option-error.ts', 'verify/option-schema.ts'])
  })
})

describe('an adapter to a framework', () => {
  // The audit of routes stands in a folder of its own: it judges programs, not requests.
  it.each(['express', 'fastify'])('%s stays under 200 lines of code', (name) => {
    const own = filesIn(`packages/${name}/src`, '.ts').filter((path) => !path.includes('/audit/'))
    const lines = own
      .flatMap((path) => readPage(path).text.split('\n'))
      .filter((line) => !/^\s*(?:\/\/|\/\*|\*|$)/.test(line))
    expect(own).toContain(`packages/${name}/src/index.ts`)
    expect(lines.length).toBeLessThan(200)
  })
})
