import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { expect, it } from 'vitest'
import { readPage, root } from './pages.ts'

/** Runs the demo, or a changed copy of it, as `npm run demo` does. */
function runDemo(source: string): { status: number | null; output: string } {
  const { code } = transformSync(source, { loader: 'ts', format: 'esm' })
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--conditions=@tenantry/source', '--import', 'tsx', '--input-type=module'],
    { cwd: join(root, 'docs/examples/demo'), input: code, encoding: 'utf8' },
  )
  return { status, output: withoutChance(stdout.trim()) }
}

/** The same port, key and time of day whenever and wherever it runs. */
function withoutChance(output: string): string {
  return output
    .replace(/127\.0\.0\.1:\d+/, '127.0.0.1:52814')
    .replace(/"[0-9a-f-]{14}\.\.\.[0-9a-f-]{14}"/, '"5524aed5-7ff9-...8-fe15c9315b06"')
    .replace(/(issued +)\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/, '$12026-11-20 15:00:00Z')
    .replace(/(expires +)\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/, '$12026-11-20 15:05:00Z')
}

const demo = readPage('docs/examples/demo/main.ts').text

it('prints what the README shows, and exits with 0', { timeout: 30_000 }, () => {
  const shown = /<!-- demo-output -->\s*```text\n([^`]*)\n```/.exec(readPage('README.md').text)?.[1]
  const { status, output } = runDemo(demo)
  expect(output).toBe(shown)
  expect(status).toBe(0)
})

it('exits with 1 when one answer is not the expected one', { timeout: 30_000 }, () => {
  const wrong = demo.replace("'401 token_expired'", "'200 verified'")
  expect(wrong).not.toBe(demo)
  const { status, output } = runDemo(wrong)
  expect(output).toMatch(/401 token_expired +EXPECTED 200 verified/)
  expect(output).toContain('1 of 30 answers are NOT the expected ones.')
  expect(status).toBe(1)
})

it('leaves its servers running with --serve, with requests to try', async () => {
  const demoFile = join(root, 'docs/examples/demo/main.ts')
  const child = spawn(
    process.execPath,
    ['--conditions=@tenantry/source', '--import', 'tsx', demoFile, '--serve'],
    { cwd: root },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const lines = /^curl -i -H 'Authorization: (.+)' (http:\S+)$/gm
  while ([...output.matchAll(lines)].length < 4) await once(child.stdout, 'data')
  const answers = await Promise.all(
    [...output.matchAll(lines)].map(async ([, authorization = '', url = '']) => {
      return (await fetch(url, { headers: { authorization } })).status
    }),
  )
  child.kill()
  expect(answers).toEqual([200, 403, 200, 403])
})
