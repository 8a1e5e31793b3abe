/** A file that leads a browser to the link, so that the link is in the arguments of no process. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** A file on the disk. */
export interface LinkFile {
  readonly path: string
  /** Takes it away. It goes by itself when the program ends. */
  remove(): void
}

/**
 * Everybody on a machine can list the processes with their arguments, and whoever is first at a link
 * that works once has the token. The file, and the folder that it is in, are for their owner.
 *
 * @throws {Error} of `node:fs`, when there is no room for it
 */
export function writeLinkFile(link: string): LinkFile {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-'))
  const remove = (): void => removeFolder(folder)
  removeAtTheEnd(remove)
  const path = join(folder, 'open.html')
  writeFileSync(path, pageTo(link), { flag: 'wx', mode: 0o600 })
  // The umask of a shell may have taken away what the owner needs, too.
  chmodSync(path, 0o600)
  return { path, remove }
}

/** The link is made here, of letters, digits and marks that mean nothing in HTML. */
function pageTo(link: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="referrer" content="no-referrer">',
    `<meta http-equiv="refresh" content="0; url=${link}">`,
    '<title>Token inspector</title>',
    `<p><a href="${link}">Open the token inspector</a></p>`,
    '',
  ].join('\n')
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // What stays leads nowhere: the link was used, or nobody serves it any more.
  }
}

function removeAtTheEnd(remove: () => void): void {
  process.once('exit', remove)
  // Ctrl-C ends the program in order; these end it at once.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      remove()
      process.kill(process.pid, signal)
    })
  }
}
