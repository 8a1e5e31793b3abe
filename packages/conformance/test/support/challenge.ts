/** What is asked of every refusal, whatever else is known of it. */
import { expect } from 'vitest'
import { type Answer, headerOf } from './raw-request.ts'

/** RFC 6750 section 3.1. */
export type ChallengeError = 'invalid_request' | 'invalid_token' | 'insufficient_scope'

/** The parameters of the only challenge (RFC 9110 section 11.6.1, RFC 6750 section 3). */
export function parseChallenge(value: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  const start = /^Bearer +/.exec(value)
  if (start === null) throw new Error(`not a Bearer challenge: ${value}`)
  let rest = value.slice(start[0].length)
  while (rest !== '') {
    // RFC 6750 section 3: what may stand in error and error_description needs no escaping.
    const found = /^([a-z_]+)="([\x20\x21\x23-\x5b\x5d-\x7e]*)"(?:, (?=[a-z])|$)/.exec(rest)
    const [whole, name, text] = found ?? []
    if (whole === undefined || name === undefined || text === undefined || parameters.has(name)) {
      throw new Error(`not a list of parameters: ${rest}`)
    }
    parameters.set(name, text)
    rest = rest.slice(whole.length)
  }
  return parameters
}

/** 401 and 403 have a legal challenge, are kept in no cache, and hold nothing of the token. */
export function expectLegalRefusal(answer: Answer, token?: string): ReadonlyMap<string, string> {
  expect(answer.headers.get('www-authenticate')).toHaveLength(1)
  expect(headerOf(answer, 'cache-control')).toBe('no-store')
  const parameters = parseChallenge(headerOf(answer, 'www-authenticate') ?? '')
  expect(parameters.get('realm')).toBe('api')
  for (const piece of piecesOf(token ?? '')) expect(answer.wire).not.toContain(piece)
  return parameters
}

/** Parts of a token that are long enough to be no accident. */
function piecesOf(token: string): readonly string[] {
  return token.split(/[^\w-]/).flatMap((part) => part.match(/.{12}/g) ?? [])
}
