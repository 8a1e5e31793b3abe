import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { everyFaultMessage } from '../../src/token/faults.ts'
import { filesIn, readPage } from './pages.ts'

const source = ts.createSourceFile(
  'errors.ts',
  readPage('packages/core/src/errors.ts').text,
  ts.ScriptTarget.ES2022,
  true,
)

/** The string literals of `type XErrorCode = 'a' | 'b'`, by the name of the type. */
const unions = new Map<string, string[]>()
/** The class and the status that its constructor sets, by the name of the type of its codes. */
const classes = new Map<string, { name: string; status: string }>()

for (const statement of source.statements) {
  if (ts.isTypeAliasDeclaration(statement)) {
    const codes = [...statement.type.getText(source).matchAll(/'(\w+)'/g)].map(([, code]) => code)
    unions.set(
      statement.name.text,
      codes.filter((code) => code !== undefined),
    )
  }
  if (ts.isClassDeclaration(statement)) {
    const text = statement.getText(source)
    const codes = /extends TenantryError<(\w+)>/.exec(text)?.[1]
    const status = /super\(code, (\d+)/.exec(text)?.[1]
    if (codes === undefined || status === undefined) continue
    classes.set(codes, { name: statement.name?.text ?? '', status })
  }
}

const table = [...classes].flatMap(([union, { name, status }]) =>
  (unions.get(union) ?? []).map((code) => ({ code, name, status })),
)

describe('the pages about errors', () => {
  it('are about every code that there is, and about no other', () => {
    expect(table.length).toBeGreaterThan(30)
    const pages = filesIn('docs/errors', '.md').filter((path) => path !== 'docs/errors/index.md')
    const expected = table.map(({ code }) => `docs/errors/${code}.md`)
    expect(pages).toEqual(expected.sort())
  })

  it.each(table)('$code: its page has its name, status and class', ({ code, name, status }) => {
    const { text } = readPage(`docs/errors/${code}.md`)
    expect(text).toMatch(
      new RegExp(`^# \`${code}\`\n\nStatus \\*\\*${status}\\*\\*, class \`${name}\``),
    )
    if (status !== '500') expect(text).toContain(`HTTP/1.1 ${status} `)
  })

  it('are listed with their status and class, in the order of the sources', () => {
    const rows = readPage('docs/errors/index.md').text.matchAll(
      /^\| \[`(\w+)`\]\((\w+)\.md\) +\| (\d+) +\| `(\w+)` +\| \S/gm,
    )
    const listed = [...rows].map(([, code, page, status, name]) => ({ code, page, status, name }))
    expect(listed).toEqual(table.map((entry) => ({ ...entry, page: entry.code })))
  })

  it('quote every sentence that tells a client more than the code does', () => {
    const pages = table.map(({ code }) => readPage(`docs/errors/${code}.md`).text).join('\n')
    expect(everyFaultMessage().filter((message) => !pages.includes(`- ${message}\n`))).toEqual([])
  })
})
