/** The script of the page that makes something to try the examples with, run as the page says. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from './support/call.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const script = /^```ts\n(\/\/ make-token\.ts\n.*?)^```/ms.exec(page)?.[1] ?? ''
const [, flags = ''] = /^node (.*) make-token\.ts$/m.exec(page) ?? []

/** The command lines of the page that show their exit code, and need nothing but these files. */
const lines: readonly (readonly [line: string, exitCode: number])[] = [
  ...page.matchAll(/^\$ tenantry (.*); echo \$\?\n(?:(?!\$ ).*\n)*?(\d)\n/gm),
]
  .map(([, line = '', exitCode]) => [line, Number(exitCode)] as const)
  .filter(([line]) => !/^(mint|keygen|jwks|doctor|ui) /.test(line))

describe('something to try the examples with', () => {
  const before = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-try-'))

  beforeAll(() => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'make-token.ts'), script)
    execFileSync(process.execPath, [...flags.split(' '), 'make-token.ts'], { cwd: folder })
    process.chdir(folder)
  }, 30_000)
  afterAll(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  })

  it('is enough for every example that shows its exit code', async () => {
    expect(lines.length).toBeGreaterThan(5)
    for (const [line, exitCode] of lines) {
      const [command = '', input] = line.split(' < ')
      const stdin = input === undefined ? '' : readFileSync(input, 'utf8')
      expect((await call(command.split(' '), { stdin })).exitCode, line).toBe(exitCode)
    }
  })

  it('makes a token that is good, and one that has expired', async () => {
    const verify = async (file: string): Promise<string> => {
      const { stdout } = await call(['verify', '--jwks', 'jwks.json', '--token-file', file])
      return stdout.trim().split('\n').slice(-2).join('\n')
    }
    expect(await verify('token.jwt')).toContain('✓ valid   verified')
    expect(await verify('old.jwt')).toContain('✗ invalid   token_expired')
  })

  it('is run by the program that is built', () => {
    const { bin } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'))
    expect(page).toContain(`node ${join('packages/cli', bin.tenantry)} --help`)
  })
})
