/** What a code means, whatever part of Tenantry it comes from. */
import { noteMeanings } from '@tenantry/report'
import { checkIds, checks } from '../doctor/check.ts'
import { checkMeanings } from '../doctor/check-meanings.ts'
import { commandCodes } from './command-codes.ts'
import { errorCodes, errorPage } from './error-pages.ts'

/** `error`: of core. `note`: of an inspected token. `check`: of doctor. `answer`: of this program. */
export type CodeKind = 'error' | 'note' | 'check' | 'answer'

/** A code with its page. */
export interface Explanation {
  readonly code: string
  readonly kind: CodeKind
  /** In Markdown. */
  readonly page: string
}

/** Every code that can be explained, by kind. */
export function allCodes(): Readonly<Record<CodeKind, readonly string[]>> {
  return {
    error: errorCodes(),
    note: Object.keys(noteMeanings),
    check: checkIds,
    answer: Object.keys(commandCodes),
  }
}

/** Undefined for a code that does not exist. */
export function explainCode(code: string): Explanation | undefined {
  const page = errorPage(code)
  if (page !== undefined) return { code, kind: 'error', page }
  const note = Object.entries(noteMeanings).find(([id]) => id === code)?.[1]
  if (note !== undefined) {
    const level = note.level === 'info' ? 'information' : note.level
    const text = `# \`${code}\`\n\nA note of inspect, level ${level}.\n\n${note.why}\n\n## What to do\n\n${note.fix}\n`
    return { code, kind: 'note', page: text }
  }
  const id = checkIds.find((known) => known === code.toUpperCase())
  if (id !== undefined) {
    const { why, fix } = checkMeanings[id]
    const { group, title } = checks.get(id) ?? {}
    const text = `# \`${id}\`\n\nA check of doctor: ${group}, ${title}.\n\n${why}\n\n## What to do\n\n${fix}\n`
    return { code: id, kind: 'check', page: text }
  }
  const answer = Object.hasOwn(commandCodes, code) ? commandCodes[code] : undefined
  if (answer === undefined) return undefined
  const text = `# \`${code}\`\n\nAn answer of this program, exit code ${answer.exitCode}.\n\n${answer.meaning}\n\n## What to do\n\n${answer.advice}\n`
  return { code, kind: 'answer', page: text }
}
