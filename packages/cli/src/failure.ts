/** A command that ends without an answer: what happened, what to try, and the exit code for it. */

/** 0 yes, 1 no, 2 typed wrongly, 3 could not decide. The same for every command. */
export type ExitCode = 0 | 1 | 2 | 3

/** What a failure says besides its message. */
export interface FailureDetails {
  /** Lines that help: what was probably meant, what to type instead. */
  readonly hints?: readonly string[]
}

/** Thrown anywhere in a command, shown in one place. Message and hints are safe to print. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure'
  readonly exitCode: ExitCode
  /** The stable reason: one of core's codes, or `usage_invalid`, `file_unreadable`, `keys_missing`. */
  readonly code: string
  readonly hints: readonly string[]

  constructor(exitCode: ExitCode, code: string, message: string, details: FailureDetails = {}) {
    super(message)
    this.exitCode = exitCode
    this.code = code
    this.hints = details.hints ?? []
  }
}

/** The command line is wrong: exit code 2. */
export function usageFailure(message: string, ...hints: readonly string[]): CliFailure {
  return new CliFailure(2, 'usage_invalid', message, { hints })
}

/** The question was understood and cannot be answered: exit code 3. */
export function undecided(code: string, message: string, ...hints: readonly string[]): CliFailure {
  return new CliFailure(3, code, message, { hints })
}
