/** The program as it is built: what is read before a command runs, and what only when it is needed. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { scratchFolder } from './support/scratch.ts'
import { compact } from './support/token-files.ts'

const outDir = scratchFolder()
const bin = join(outDir, 'bin.js')
const root = join(import.meta.dirname, '..')

beforeAll(async () => {
  // The page is built by itself, ahead of the program that has it.
  const cwd = join(root, '../inspector')
  const script = ['--conditions=@tenantry/source', '--import', 'tsx', 'build/write-page.ts']
  execFileSync(process.execPath, script, { cwd, stdio: 'pipe' })
  await build({ root, configFile: join(root, 'vite.config.ts'), build: { outDir } })
}, 60_000)

/** The files that are read when this one is imported. */
function readWith(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(join(outDir, file), 'utf8')
  for (const [, name = ''] of text.matchAll(/^import (?:.* from )?"\.\/(.*)";$/gm)) {
    readWith(name, seen)
  }
  return seen
}

/** What is read for a command, as one text. */
function textFor(command: string): string {
  const text = readFileSync(bin, 'utf8')
  const [, file = ''] = new RegExp(`import\\("\\./(${command}-[\\w-]+\\.js)"\\)`).exec(text) ?? []
  const files = new Set([...readWith('bin.js'), ...readWith(file)])
  return [...files].map((name) => readFileSync(join(outDir, name), 'utf8')).join('\n')
}

describe('the built program', () => {
  it('reads what verifies, and zod, when something is verified and not before', () => {
    const marks = /\$ZodType|createRemote|node:http|remoteKeySource/
    for (const command of ['decode', 'can', 'verify', 'diff', 'mint', 'keygen', 'doctor', 'ui']) {
      expect(textFor(command), command).not.toMatch(marks)
    }
    const lazy = /import\("\.\/(create-verifier-[\w-]+\.js)"\)/.exec(textFor('verify'))?.[1] ?? ''
    const verifier = [...readWith(lazy)].map((name) => readFileSync(join(outDir, name), 'utf8'))
    expect(verifier.join('\n')).toMatch(/\$ZodType/)
  })

  it('needs nothing but Node, and has the licence of what is in it', () => {
    const modules = new Set<string>()
    for (const file of readWith('bin.js')) {
      const text = readFileSync(join(outDir, file), 'utf8')
      for (const [, name = ''] of text.matchAll(/^import .*"([^."].*)";$/gm)) modules.add(name)
    }
    expect([...modules].filter((name) => !name.startsWith('node:'))).toEqual([])
    const manifest: object = createRequire(import.meta.url)('../package.json')
    expect(manifest).not.toHaveProperty('dependencies')
    expect(readFileSync(join(outDir, 'third-party-licences.txt'), 'utf8')).toMatch(/zod[\s\S]*MIT/)
    expect(existsSync(join(outDir, 'errors/token_expired.md'))).toBe(true)
  })

  it('runs', () => {
    const token = compact({ alg: 'none' }, { userId: 7 })
    const stdout = execFileSync(process.execPath, [bin, 'decode', '--json', token], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, payload: { userId: 7 } })
  })
})
