/** A key, a secret or a token on the command line itself, where something else was asked for. */
import { cleanToken, holdsToken } from '@tenantry/report'
import { type CliFailure, usageFailure } from '../failure.ts'
import { namesFile } from './file-name.ts'

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

const inHistory = 'It is in the history of your shell now, if you typed it.'

/**
 * Nothing of a token is shown in a message: the screen may be a log.
 *
 * @throws {CliFailure} when the value of a flag is a token or an API key
 */
export function refuseTokenFor(flag: string, value: string, text: string): void {
  if (!isCredential(text)) return
  const isFile = value.includes('FILE')
  throw usageFailure(
    isFile
      ? `${flag} takes the name of a file, and was given a token.`
      : `${flag} takes ${value}, and was given a token.`,
    inHistory,
    'Through a pipe: tenantry verify < FILE',
  )
}

/** @throws {CliFailure} when one of the arguments is a token, for a command that takes none */
export function refuseTokens(command: string, texts: readonly string[]): void {
  if (!texts.some(isCredential)) return
  throw usageFailure(
    `${command} takes no token as an argument, and was given one.`,
    inHistory,
    'Through a pipe: tenantry inspect < FILE',
  )
}

/** @throws {CliFailure} when a token stands in the place of the command */
export function refuseTokenAsCommand(name: string): void {
  if (name.split(' ').some(isCredential)) throw tokenAsCommand()
}

function tokenAsCommand(): CliFailure {
  return usageFailure('That is a token, not a command.', inHistory, 'Try tenantry inspect < FILE')
}

/** A file may be called like an API key begins. */
function isCredential(text: string): boolean {
  if (holdsToken(text)) return true
  return /^uf_(?:live|test)_/.test(cleanToken(text).jwt) && !namesFile(text)
}
