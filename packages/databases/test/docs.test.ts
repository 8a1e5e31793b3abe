/** The guide has every option that there is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const guide = readFileSync(join(root, 'docs/guides/databases.md'), 'utf8')

/** The first column of the table below a heading. */
function rowsUnder(heading: string): readonly string[] {
  const [, section = ''] = guide.split(`\n## ${heading}\n`)
  const [own = ''] = section.split(/^## /m)
  return [...own.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name)
}

/** The members of an interface, in their order. */
function membersOf(file: string, name: string): readonly string[] {
  const path = join(root, 'packages/databases/src', file)
  const text = readFileSync(path, 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  return source.statements
    .filter((statement) => ts.isInterfaceDeclaration(statement))
    .filter((statement) => statement.name.text === name)
    .flatMap((statement) => statement.members.map((member) => member.name?.getText(source) ?? ''))
}

describe('docs/guides/databases.md', () => {
  it('lists the members of a row', () => {
    expect(rowsUnder('The registry')).toEqual(membersOf('registry.ts', 'TenantRow'))
  })

  it('lists every option of the databases', () => {
    const [registry = '', ...others] = membersOf('options.ts', 'TenantDatabasesOptions')
    const binding = membersOf('options.ts', 'DatabaseBinding')
    expect(rowsUnder('Options')).toEqual([registry, ...binding, ...others])
  })

  it('lists every option of the end', () => {
    const options = membersOf('shutdown/create-shutdown.ts', 'ShutdownOptions')
    expect(rowsUnder('The end of the server')).toEqual(options)
  })
})
