/** Opens an address in the browser of the person. */
import { spawn } from 'node:child_process'
import process from 'node:process'

/** The program that opens addresses, and its arguments. */
function opener(address: string): readonly [command: string, args: readonly string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', [address]]
    case 'win32':
      return ['rundll32', ['url.dll,FileProtocolHandler', address]]
    default:
      return ['xdg-open', [address]]
  }
}

/**
 * Starts it and does not wait for the browser. Arguments are seen by everybody who lists the
 * processes, so the address must not hold a token.
 *
 * @param failed - called when there is no such program, or it says that it could not
 */
export function openBrowser(address: string, failed: () => void): void {
  const [command, args] = opener(address)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.once('error', failed)
  child.once('exit', (code) => {
    if (code !== 0) failed()
  })
  child.unref()
}
