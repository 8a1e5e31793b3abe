/** The guide has every option and every finding that there is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { finding, findingIds, isFindingId } from '../src/audit/finding.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/postgres.md'), 'utf8')

/** The first column of the tables below a heading. */
function rowsUnder(heading: string): readonly string[] {
  const [, section = ''] = guide.split(`\n## ${heading}\n`)
  const [own = ''] = section.split(/^## /m)
  return [...own.matchAll(/^\| `([\w.]+)` +\|/gm)].map(([, name = '']) => name)
}

describe('docs/guides/postgres.md', () => {
  it('lists every finding of the audit, in the order of the sources', () => {
    expect(rowsUnder('Findings')).toEqual(findingIds)
  })

  it('lists the options of the policies, of the audit and of the pool', () => {
    const policies = ['column', 'type', 'schema', 'setting', 'role']
    expect(rowsUnder('Set up')).toEqual([...policies, 'role', 'setting', 'global', 'ignore'])
    expect(rowsUnder('The pool')).toEqual(['setting', 'role', 'system'])
  })

  it('findings have a message that is a sentence', () => {
    for (const id of findingIds.filter(isFindingId))
      expect(finding(id, 'x').message).toMatch(/^[A-Z][^"]+\.$/)
  })
})
