/** No text, however long and hostile, makes a regular expression of ours work out of proportion. */
import { checkSync } from 'recheck'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { documentedSources, filesIn, type Page, readPage } from '../docs/pages.ts'

interface Written {
  readonly path: string
  readonly source: string
  readonly flags: string
}

function literalsIn({ path, text }: Page): Written[] {
  const found: Written[] = []
  function visit(node: ts.Node): void {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? []
      found.push({ path, source, flags })
    }
    node.forEachChild(visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
  return found
}

/** The degree of the growth of its work: 1 is in proportion to the text. */
function growthOf({ source, flags }: Written): number | string {
  const judged = checkSync(source, flags)
  if (judged.status === 'safe') return 1
  if (judged.status === 'unknown') return 'unknown'
  const { complexity } = judged
  return complexity.type === 'polynomial' ? complexity.degree : complexity.type
}

const pages = [...documentedSources(), ...filesIn('packages/cli/src', '.ts').map(readPage)]
const written = pages.flatMap(literalsIn)

describe('regular expressions', () => {
  it('are judged by how their work grows', () => {
    expect(written.length).toBeGreaterThan(20)
    const trim = { path: '', source: '^[ \\t]+|[ \\t]+$', flags: 'g' }
    expect(growthOf(trim)).toBe(2)
    expect(growthOf({ ...trim, source: '^(a+)+$' })).toBe('exponential')
    expect(growthOf({ ...trim, source: '^[ \\t]+' })).toBe(1)
  })

  it.each(written)('$path: $source', (one) => {
    expect(growthOf(one)).toBe(1)
  })
})
