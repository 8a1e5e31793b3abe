/** A key or a secret on the command line itself, where a file was asked for. */
import { usageFailure } from '../failure.ts'

/**
 * Arguments are seen by everybody who lists the processes, and stay in the history of the shell.
 *
 * @throws {CliFailure} when the text is a key and not the name of a file; it is not shown again
 */
export function refuseSecret(flag: string, text: string): void {
  const isKey = /-----BEGIN|^\s*\{|"kty"|[\r\n]/.test(text) || text.length > 1024
  if (!isKey) return
  throw usageFailure(
    `${flag} takes the name of a file, and was given a key.`,
    'It is in the history of your shell now: do not use that key any more.',
    'Put it into a file that only you can read, and give the name of that.',
  )
}
