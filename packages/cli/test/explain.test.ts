import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandCodes } from '../src/explanation/command-codes.ts'
import { allCodes } from '../src/explanation/explanation.ts'
import { call } from './support/call.ts'
import { run } from './support/run.ts'

const src = join(import.meta.dirname, '../src')
const docs = join(import.meta.dirname, '../../../docs')
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(src, name), 'utf8'))
  .join('\n')

describe('explain', () => {
  it('has a page for every code, in 80 columns and without a mark of Markdown', async () => {
    const codes = Object.values(allCodes()).flat()
    expect(codes.length).toBeGreaterThan(80)
    for (const code of codes) {
      const { exitCode, stdout } = await call(['explain', code])
      expect(exitCode).toBe(0)
      expect(stdout.startsWith(`${code}\n`)).toBe(true)
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
      expect(stdout).not.toMatch(/`|\*\*|\]\(|^#/m)
      expect(stdout).toContain('What to do')
    }
  })

  it('knows each code once', () => {
    const codes = Object.values(allCodes()).flat()
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })

  it('knows every code that core has a page for, and every one that this program answers with', () => {
    const pages = readdirSync(join(docs, 'errors')).filter((name) => name !== 'index.md')
    expect(allCodes().error.map((code) => `${code}.md`)).toEqual(pages.sort())
    const used = sources.matchAll(/(?:code: |undecided\(\s*|CliFailure\(\d, )'([a-z_]+)'/g)
    const known = [...Object.keys(commandCodes), ...allCodes().error]
    expect([...used].map(([, code]) => code).filter((code) => !known.includes(code ?? ''))).toEqual(
      [],
    )
  })

  it('runs as the real program', async () => {
    const { exitCode, stdout } = await run(['explain', 'token_expired'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('The token has expired. Request a new one.')
  })

  it('suggests a code, and never leaves its folder', async () => {
    const typo = await call(['explain', 'token_expird'])
    expect(typo.exitCode).toBe(2)
    expect(typo.stderr).toContain('Did you mean "token_expired"?')
    for (const code of ['../cli', 'index', 'constructor', '__proto__', '/etc/passwd', '', ' ']) {
      expect((await call(['explain', code])).exitCode, code).toBe(2)
    }
    expect((await call(['explain'])).exitCode).toBe(2)
    expect((await call(['explain', 'a', 'b'])).exitCode).toBe(2)
    expect((await call(['explain', 'TOKEN_EXPIRED'])).exitCode).toBe(0)
  })
})
