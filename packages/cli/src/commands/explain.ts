/** `tenantry explain`: what a code means, without a network. */
import { closest, quote } from '@tenantry/report'
import { type Command, defineCommand } from '../command-line/command.ts'
import { allCodes, explainCode } from '../explanation/explanation.ts'
import { markdownText } from '../explanation/markdown-text.ts'
import { usageFailure } from '../failure.ts'
import { quoteTyped } from '../input/no-secret.ts'
import type { Answer } from '../output/answer.ts'
import { createStyle, type Style } from '../output/style.ts'

export const explain: Command = defineCommand({
  name: 'explain',
  summary: 'Say what a code means, and what to do',
  usage: ['CODE', '--list'],
  examples: ['tenantry explain token_expired', 'tenantry explain --list'],
  options: {
    list: { type: 'boolean', summary: 'List the codes' },
  },
  choices: () => Object.values(allCodes()).flat(),
  async run({ values, positionals }): Promise<Answer> {
    const [typed, ...others] = positionals
    if (values.list) {
      if (typed !== undefined) throw usageFailure('--list takes no code.')
      return listAnswer()
    }
    if (typed === undefined || others.length > 0) {
      throw usageFailure('explain takes one code.', 'All of them: tenantry explain --list')
    }
    const found = explainCode(typed) ?? explainCode(typed.trim().toLowerCase())
    if (found === undefined) throw unknownCode(typed)
    const { code, kind, page } = found
    return {
      exitCode: 0,
      ok: true,
      code: 'explained',
      data: { explained: code, kind, text: markdownText(page, createStyle({}, {}, false)) },
      text: (style) => markdownText(page, style),
    }
  },
})

function unknownCode(typed: string): Error {
  const known = Object.values(allCodes()).flat()
  const meant = closest(typed, known)
  return usageFailure(
    `There is no code ${quoteTyped(typed)}.`,
    meant === undefined ? 'All of them: tenantry explain --list' : `Did you mean ${quote(meant)}?`,
  )
}

function listAnswer(): Answer {
  const codes = allCodes()
  const text = (style: Style): string =>
    [
      style.strong('Errors'),
      ...codes.error.map((code) => `  ${code}`),
      '',
      style.strong('Notes of inspect'),
      ...codes.note.map((code) => `  ${code}`),
      '',
      style.strong('Checks of doctor'),
      ...codes.check.map((code) => `  ${code}`),
      '',
      style.strong('Answers of this program'),
      ...codes.answer.map((code) => `  ${code}`),
    ].join('\n')
  return {
    exitCode: 0,
    ok: true,
    code: 'listed',
    data: { errors: codes.error, notes: codes.note, checks: codes.check, answers: codes.answer },
    text,
  }
}
