/** How the options of a verifier are refused. */
import { expect } from 'vitest'
import { ConfigurationError, createVerifier } from '../../src/index.ts'

/**
 * The message with which the options are refused. Fails the test when they are not, or in another
 * way, or when the message (or its cause) holds a piece of what was given.
 */
export function refusalOf(options: object): string {
  let thrown: unknown
  try {
    createVerifier(options as Parameters<typeof createVerifier>[0]).close()
  } catch (error) {
    thrown = error
  }
  if (!(thrown instanceof ConfigurationError)) expect.unreachable(`refused with ${String(thrown)}`)
  expect(thrown.code).toBe('option_invalid')
  const said = `${thrown.message} ${String(thrown.cause)}`
  for (const text of textsIn(options)) expect(said).not.toContain(text)
  return thrown.message
}

/** Every piece of text in the options that could be a part of a key. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/\s+|\\n/).filter((text) => text.length > 20)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.values(value).flatMap(textsIn)
}
