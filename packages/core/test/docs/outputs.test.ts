import { expect, it } from 'vitest'
import { examplesOf } from './compile-examples.ts'
import { markdownPages } from './pages.ts'
import { outputOf } from './run-example.ts'

/** The examples that are followed by what they print. */
const shown = markdownPages().flatMap((page) => {
  const lines = page.text.split('\n')
  return examplesOf(page).flatMap((example) => {
    const end = example.line - 1 + example.code.split('\n').length
    const behind = lines.slice(end).join('\n')
    const output = /^\s*```text\n([\s\S]*?)^```/m.exec(behind)
    return output?.index === 0 ? [{ ...example, output: output[1] }] : []
  })
})

it('finds examples with their output', () => {
  expect(shown.length).toBeGreaterThan(8)
})

it.each(shown)('$path:$line prints what stands below it', async ({ output, ...example }) => {
  expect(await outputOf(example)).toBe(output)
})
