// The tables of docs/reference/leaks.md, made of what the tests found.
//
//   node tools/leak-table.mjs                  runs the tests, and writes the tables
//   node tools/leak-table.mjs REPORT           writes them from a report of Vitest: --reporter=json
//   node tools/leak-table.mjs REPORT --check   compares them with the page instead, and fails where they differ
//   ... --page FILE                            another page than that of the documentation
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mongooseRows } from './leak-rows.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    page: { type: 'string', default: join(root, 'docs/reference/leaks.md') },
  },
})
const tests = testsOf(positionals[0] === undefined ? runTests() : readReport(positionals[0]))
const before = readFileSync(values.page, 'utf8')
const tables = { mongoose: mongooseTable(tests, before), postgres: postgresTable(tests, before) }
const after = Object.entries(tables).reduce((text, [name, table]) => put(text, name, table), before)

if (!values.check) writeFileSync(values.page, after)
else if (after !== before) {
  console.error('The tables of the page are not those of the tests. Write them anew: npm run leaks')
  for (const line of after.split('\n')) if (!before.includes(line)) console.error(`+ ${line}`)
  process.exit(1)
}

/** Runs what the tables are made of. It says what fails, and so does the table. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-leaks-'))
  const report = join(folder, 'report.json')
  const files = ['packages/mongoose/test', 'packages/postgres/test/vectors']
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  spawnSync(process.execPath, [vitest, 'run', ...files, ...reporters], {
    cwd: root,
    stdio: 'inherit',
  })
  const results = readReport(report)
  rmSync(folder, { recursive: true, force: true })
  return results
}

function readReport(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/**
 * The tests of the data packages. The names of those that try a row begin with it, `M4: ...` or `P6 ...`; other
 * packages have rows of their own.
 */
function testsOf({ testResults }) {
  return testResults.flatMap(({ name, assertionResults }) => {
    const family = /packages\W(mongoose|postgres)\Wtest/.exec(name)?.[1]
    return assertionResults.map(({ title, status, ancestorTitles, meta }) => ({
      title,
      status,
      meta,
      family,
      suite: ancestorTitles.join(' '),
      row: /^([MP]\d+)[: ]/.exec(title)?.[1],
    }))
  })
}

/** In the order of their numbers. */
function inOrder(one, other) {
  return Number(one.slice(1)) - Number(other.slice(1))
}

function mongooseTable(all, page) {
  const rows = all.filter(({ row, family }) => family === 'mongoose' && row !== undefined)
  const hooks = all.flatMap(({ meta }) => meta?.hooks ?? [])
  const known = new Set(rows.map(({ row }) => row))
  for (const row of known) if (!mongooseRows.has(row)) throw new Error(`${row} is not described`)
  const lines = [...mongooseRows].map(([row, about]) => {
    const tried = rows.filter((test) => test.row === row)
    const titles = new Set(tried.map(({ title }) => title))
    const start = `| ${row} | ${about} |`
    // What cannot be run on this machine stays as it was found on another one.
    if (!tried.some(({ status }) => status === 'passed' || status === 'failed')) {
      return (
        page.split('\n').find((line) => line.startsWith(start)) ??
        `${start} ${titles.size} | not run | – |`
      )
    }
    return `${start} ${titles.size} | ${verdictOf(tried, titles)} | ${hooksOf(row, hooks)} |`
  })
  return [
    '| Row | What is tried | Ways | With the guard | With hooks alone |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ]
}

/** With both versions of Mongoose. */
function verdictOf(tried, titles) {
  if (tried.some(({ status }) => status === 'failed')) return '**leaks**'
  const onWire = [...titles].filter((title) => title.includes('[on the wire only')).length
  if (onWire === 0) return 'holds'
  return onWire === titles.size ? 'holds, on the wire' : `holds, ${onWire} of them on the wire`
}

/** What came of it with hooks alone, in the version in which it was worst. */
function hooksOf(row, hooks) {
  const tried = hooks.filter((tally) => tally.row === row)
  if (tried.length === 0) return '–'
  const leaks = Math.max(...tried.map(({ leaks }) => leaks))
  const failures = Math.max(...tried.map(({ failures }) => failures))
  if (leaks > 0) return `leaks (${leaks})`
  return failures > 0 ? `not kept in (${failures})` : 'holds'
}

/** A line for each test: its name says what holds. */
function postgresTable(all, page) {
  const rows = all.filter(({ row, family }) => family === 'postgres' && row?.startsWith('P'))
  const titles = [...new Set(rows.map(({ title }) => title.replace(/ \(SKIPPED.*\)$/, '')))]
  const lines = titles
    .sort((one, other) => inOrder(one.split(' ')[0], other.split(' ')[0]) || (one < other ? -1 : 1))
    .map((title) => {
      const [row] = title.split(' ', 1)
      const own = rows.filter((test) => test.title.startsWith(title))
      const onPglite = own.filter(({ suite }) => suite.includes('PGlite'))
      const onServer = own.filter((test) => !onPglite.includes(test))
      const about = title.slice(row.length + 1)
      const start = `| ${row} | ${sentence(about)} |`
      const [, server = 'not run', pglite = 'not run'] =
        page.split(`\n${start} `)[1]?.match(/^([^|]+) \| ([^|]+) \|/) ?? []
      return `${start} ${cellOf(onServer, server)} | ${cellOf(onPglite, onPglite.length ? pglite : '–')} |`
    })
  return ['| Row | What is proved | PostgreSQL | PGlite |', '| --- | --- | --- | --- |', ...lines]
}

/** A name in lower case stays as it is. */
function sentence(text) {
  return /^(?:pg|\w*_)/.test(text) ? text : text[0].toUpperCase() + text.slice(1)
}

function cellOf(tests, otherwise) {
  if (tests.some(({ status }) => status === 'failed')) return '**fails**'
  return tests.some(({ status }) => status === 'passed') ? 'yes' : otherwise
}

/** Between the two comments with the name. */
function put(text, name, table) {
  const [open, close] = [`<!-- leaks:${name} -->`, `<!-- /leaks:${name} -->`]
  const [head, rest] = text.split(`${open}\n`)
  const tail = rest?.split(close)[1]
  if (tail === undefined) throw new Error(`The page has no place for ${name}: ${open} and ${close}`)
  return `${head}${open}\n${table.join('\n')}\n${close}${tail}`
}
