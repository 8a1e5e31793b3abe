/** A port on this machine. */
import { usageFailure } from '../failure.ts'
import { quoteTyped } from './no-secret.ts'

/** Reads `--port`; 0 is a free one. @throws {CliFailure} `usage_invalid` */
export function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw usageFailure(`--port is no port: ${quoteTyped(text)}.`, 'Write a number up to 65535.')
}
