/** The tool that makes the tables of leaks, on a report that was made up. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readPage, root } from './pages.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenantry-leaks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Result = readonly [suite: string, title: string, status: string, meta?: object | undefined]

const empty = `# Leaks
<!-- leaks:mongoose -->
<!-- /leaks:mongoose -->
between
<!-- leaks:postgres -->
<!-- /leaks:postgres -->
after
`

/** Runs the tool on these results, and answers with the page that it leaves. */
function run(results: readonly Result[], page: string, ...flags: readonly string[]) {
  const testResults = results.map(([suite, title, status, meta = {}]) => {
    const folder = suite.includes('with')
      ? 'mongoose'
      : suite === 'Express'
        ? 'express'
        : 'postgres'
    const assertionResults = [{ ancestorTitles: [suite], title, status, meta }]
    return { name: `/checkout/packages/${folder}/test/some.test.ts`, assertionResults }
  })
  const [report, file] = [join(folder, 'report.json'), join(folder, 'page.md')]
  writeFileSync(report, JSON.stringify({ testResults }))
  writeFileSync(file, page)
  const tool = join(root, 'tools/leak-table.mjs')
  const args = [tool, report, '--page', file, ...flags]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stderr, page: readFileSync(file, 'utf8') }
}

const hooks = [{ row: 'M4', tried: 2, failures: 2, leaks: 1 }]
const good: readonly Result[] = [
  ['with Mongoose 8', 'M4: a filter', 'passed'],
  ['with Mongoose 9', 'M4: a filter', 'passed'],
  ['with Mongoose 9', 'M4: another [on the wire only: the stand-in has no $nor]', 'passed'],
  ['with hooks', 'in most of what is tried', 'passed', { hooks }],
  ['PostgreSQL', 'P1 the owner sees nothing', 'passed'],
  ['PGlite', 'P1 the owner sees nothing', 'passed'],
  ['a pool', 'P6 pgbouncer', 'passed'],
  ['Express', 'P16: a row of another package', 'failed'],
]

describe('the tables of leaks', () => {
  const { page } = run(good, empty)

  it('say what the tests found', () => {
    expect(page).toMatch(/^\| M4 \| .+ \| 2 \| holds, 1 of them on the wire \| leaks \(1\) \|$/m)
    expect(page).toContain('\n| P1 | The owner sees nothing | yes | yes |\n')
    expect(page).not.toContain('P16')
    expect(page).toContain('\n| P6 | pgbouncer | yes | – |\n')
    expect(page).toMatch(/\nbetween\n[\s\S]+\nafter\n$/)
  })

  it('say of what fails that it leaks, in whichever version or engine', () => {
    const bad = good.map(([suite, title, status, meta]): Result => {
      return /8$|PGlite/.test(suite) ? [suite, title, 'failed'] : [suite, title, status, meta]
    })
    const changed = run(bad, page)
    expect(changed.page).toMatch(/^\| M4 \| .+ \| \*\*leaks\*\* \|/m)
    expect(changed.page).toContain('\n| P1 | The owner sees nothing | yes | **fails** |\n')
    const checked = run(bad, page, '--check')
    expect(checked).toMatchObject({ status: 1, page })
    expect(checked.stderr).toContain('npm run leaks')
    expect(run(good, page, '--check')).toMatchObject({ status: 0, page })
  })

  it('keep what cannot be run here', () => {
    const skipped = good.map(([suite, title]): Result => [suite, title, 'skipped'])
    const renamed = skipped.map(([suite, title, status]): Result => {
      return [suite, title.replace('pgbouncer', 'pgbouncer (SKIPPED: none here)'), status]
    })
    expect(run(renamed, page, '--check')).toMatchObject({ status: 0 })
  })

  it('are refused for a row that nobody has described', () => {
    expect(run([['with Mongoose 9', 'M99: new', 'passed']], empty).stderr).toContain('M99')
  })

  it('are on the page, with every row tried and none that leaks', () => {
    const { text } = readPage('docs/reference/leaks.md')
    const verdicts = [...text.matchAll(/^\| (M\d+) \| .+ \| (\d+) \| (.+?) \| .+ \|$/gm)]
    expect(verdicts).toHaveLength(45)
    for (const [, row, ways, verdict] of verdicts) {
      expect({ row, ways, verdict }).toEqual({
        row,
        ways: expect.stringMatching(/^[1-9]/),
        verdict: expect.stringMatching(/^holds/),
      })
    }
    const proved = [...text.matchAll(/^\| (P\d+) \| .+ \| (.+) \| (.+) \|$/gm)]
    expect(proved.length).toBeGreaterThan(30)
    for (const [, , server, pglite] of proved) {
      expect(['yes yes', 'yes –']).toContain(`${server} ${pglite}`)
    }
  })
})
