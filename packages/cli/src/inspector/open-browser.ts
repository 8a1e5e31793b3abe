/** Opens an address or a file in the browser of the person. */
import { spawn } from 'node:child_process'
import process from 'node:process'

/** The program that opens such things, and its arguments. */
function opener(target: string): readonly [command: string, args: readonly string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', [target]]
    case 'win32':
      return ['rundll32', ['url.dll,FileProtocolHandler', target]]
    default:
      return ['xdg-open', [target]]
  }
}

/**
 * Starts it and does not wait for the browser. Arguments are seen by everybody who lists the
 * processes, so the target must not be what
 * only this person may know: neither a token nor a link to one.
 *
 * @param failed - called when there is no such program, or it says that it could not
 */
export function openBrowser(target: string, failed: () => void): void {
  const [command, args] = opener(target)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.once('error', failed)
  child.once('exit', (code) => {
    if (code !== 0) failed()
  })
  child.unref()
}
