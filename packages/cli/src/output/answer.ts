/** What a command answers with: once as data, once for a person. */
import type { ExitCode } from '../failure.ts'
import type { Style } from './style.ts'

/** The answer of a command. */
export interface Answer {
  readonly exitCode: ExitCode
  /** Whether an answer was reached: a refused token is not ok, a decision of "no" is. */
  readonly ok: boolean
  /** The stable word for the outcome. */
  readonly code: string
  /** The rest of the JSON document. */
  readonly data: Readonly<Record<string, unknown>>
  /** Standard output for a person, without the last line break. */
  readonly text: (style: Style) => string
  /**
   * What goes on after the answer is written, such as a server, and when it ends. The program stays
   * until then.
   */
  readonly running?: Promise<void>
}

/** The document that `--json` prints. */
export function toDocument({ ok, code, data }: Answer): Readonly<Record<string, unknown>> {
  return { schema: 1, ok, code, ...data }
}
