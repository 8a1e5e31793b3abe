/** How a failure looks: as a document, and for a person. */
import type { CliFailure } from '../failure.ts'
import { wrap } from './lines.ts'
import type { Style } from './style.ts'

/** The document that `--json` prints when a command fails. */
export function failureDocument(failure: CliFailure): Readonly<Record<string, unknown>> {
  const { code, message, hints } = failure
  return { schema: 1, ok: false, code, message, ...(hints.length === 0 ? {} : { hints }) }
}

/** What happened, what to try, the code. `help` is what shows how it is typed. */
export function failureText(failure: CliFailure, help: string, style: Style): string {
  const mark = style.bad(style.symbols.no)
  const indent = style.symbols.no.length + 1
  const margin = ' '.repeat(indent)
  const [first = '', ...rest] = wrap(failure.message, indent)
  const hints = failure.hints.flatMap((hint) => wrap(hint, indent))
  return [
    `${mark} ${first}`,
    ...rest.map((line) => margin + line),
    ...hints.map((line) => margin + line),
    ...(failure.exitCode === 2 ? [`${margin}Try   ${style.hint(help)}`] : []),
    margin + style.dim(failure.code),
  ].join('\n')
}
