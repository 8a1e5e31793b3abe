import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commonOptions } from '../src/command-line/common-options.ts'
import { commands } from '../src/commands/table.ts'
import { type Replay, replay } from './support/replay.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')

/** The command lines of the page, each with what stands below it. */
const examples = [...page.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((example) => {
      const end = example.indexOf('\n')
      return { line: example.slice(0, end), output: example.slice(end + 1) }
    }),
)

describe('the page about the command line', () => {
  let terminal: Replay
  beforeAll(async () => {
    terminal = await replay()
  })
  afterAll(() => terminal.close())

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(8)
  })

  it.each(examples)('$line prints what stands below it', async ({ line, output }) => {
    expect(await terminal.type(line)).toBe(output)
  })

  it('names every command and every flag', () => {
    for (const { name, options } of commands) {
      expect(page).toContain(`## ${name}`)
      for (const flag of Object.keys({ ...options, ...commonOptions })) {
        expect(page).toContain(`--${flag}`)
      }
    }
  })
})
