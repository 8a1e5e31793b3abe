/** The name of a file where something else was expected: what to type instead. */
import { statSync } from 'node:fs'

/** Whether a text is the name that a file with a token has. The file need not be there. */
export function isTokenFileName(text: string): boolean {
  return /.\.jwt$/i.test(text)
}

/** Whether there is a file of that name. */
export function namesFile(text: string): boolean {
  try {
    return statSync(text).isFile()
  } catch {
    return false
  }
}

/** The flag that reads the token from that file, as it is typed. */
export function tokenFileHint(name: string): string {
  return `Read the token from it: --token-file ${typeableName(name)}`
}

/** The name as it can be typed without quotes; `FILE` when it cannot. */
export function typeableName(name: string): string {
  return /^[\w./@+][\w./@+-]{0,59}$/.test(name) ? name : 'FILE'
}
