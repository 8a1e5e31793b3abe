import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { noteMeanings } from '@tenantry/report'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../src/command-line/command.ts'
import { commonOptions } from '../src/command-line/common-options.ts'
import { commands } from '../src/commands/table.ts'
import { checkIds, checks } from '../src/doctor/check.ts'
import { checkMeanings } from '../src/doctor/check-meanings.ts'
import { commandCodes } from '../src/explanation/command-codes.ts'
import { type Replay, replay } from './support/replay.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The command lines of a page, each with what stands below it. */
function examplesOf(text: string): readonly { line: string; output: string }[] {
  return [...text.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const end = example.indexOf('\n')
        return { line: example.slice(0, end), output: example.slice(end + 1) }
      }),
  )
}

/** The sections by the name of the command. */
const sections = new Map(
  page.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
)

/** Where the flags of a command are: in its section, and in those that it refers to for its flags. */
function flagSections({ name }: Command): string {
  const own = sections.get(name) ?? ''
  const others = [...own.matchAll(/^All flags of \[(\w+)\]/gm)].map(([, other = '']) => other)
  return [own, ...others.map((other) => sections.get(other) ?? '')].join('\n')
}

/** The codes in the first column of the tables of a text. */
function firstColumn(text: string): readonly string[] {
  return [...text.matchAll(/^\| `([\w]+)` +\|/gm)].map(([, code = '']) => code)
}

describe('the documentation of the command line', () => {
  let terminal: Replay
  beforeAll(async () => {
    terminal = await replay()
  })
  afterAll(() => terminal.close())

  it('has examples, of every command', () => {
    const shown = examplesOf(page).map(({ line }) => `${line} `)
    const isShown = (name: string): boolean =>
      shown.some((line) => line.startsWith(`tenantry ${name} `))
    expect(commands.map(({ name }) => name).filter((name) => !isShown(name))).toEqual([])
  })

  it.each(examplesOf(page))('$line prints what stands below it', async ({ line, output }) => {
    expect(await terminal.type(line)).toBe(output)
  })

  it('shows in the README what inspect prints', async () => {
    const shown = examplesOf(readme)
    expect(shown.map(({ line }) => line)).toContain('tenantry inspect --jwks jwks.json < token.jwt')
    for (const { line, output } of shown) expect(await terminal.type(line)).toBe(output)
  })

  it.each(commands)('has every flag of $name in the table of its section', (command) => {
    expect(sections.has(command.name)).toBe(true)
    const text = flagSections(command)
    for (const [name, option] of Object.entries(command.options)) {
      const value = option.type === 'string' ? ` ${option.value.replaceAll('|', '\\|')}` : ''
      expect(text).toContain(`| \`--${name}${value}\` `)
    }
  })

  it('has no flag in a table that does not exist', () => {
    const known = commands.flatMap(({ options }) => Object.keys({ ...options, ...commonOptions }))
    const written = [...page.matchAll(/^\| .*$/gm)].flatMap(([row]) =>
      [...row.matchAll(/`(?:-h, )?--([a-z-]+)/g)].map(([, name = '']) => name),
    )
    expect(written.filter((name) => !known.includes(name))).toEqual([])
    for (const flag of Object.keys(commonOptions)) expect(written).toContain(flag)
  })

  it('has every note and every code, in the order of the sources', () => {
    const [, notes = ''] = (sections.get('inspect') ?? '').split('### Notes')
    expect(firstColumn(notes)).toEqual(Object.keys(noteMeanings))
    for (const [id, { level, why }] of Object.entries(noteMeanings)) {
      const word = level === 'info' ? 'information' : level
      expect(notes).toMatch(new RegExp(`\`${id}\` +\\| ${word} +\\| `))
      expect(notes).toContain(`| ${why} `)
    }
    const [, codes = ''] = (sections.get('In scripts') ?? '').split('| Code')
    expect(firstColumn(codes)).toEqual(Object.keys(commandCodes))
  })
})

describe('the page about the checks of doctor', () => {
  const text = readFileSync(join(root, 'docs/reference/doctor.md'), 'utf8')

  it('has a heading for every check, in their order, that an anchor leads to', () => {
    const headings = [...text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(checkIds)
  })

  it.each(checkIds)('says of %s what explain says', (id) => {
    const section = text.split(/^###? /m).find((part) => part.startsWith(`${id}\n`))
    const { title = '' } = checks.get(id) ?? {}
    expect(section?.toLowerCase()).toContain(`\n${title.toLowerCase()}. `)
    expect(section).toContain(checkMeanings[id].why)
    expect(section).toContain(`**What to do.** ${checkMeanings[id].fix}`)
  })
})
