/** Notes on what kind of token it is, and where it is from. */

import { printableValue } from '../text/visible.ts'
import { kindOf } from '../token/kind.ts'
import { type Note, note } from './note.ts'
import type { NotedToken } from './noted-token.ts'

/** Whether it is an access token at all. */
export function kindNotes({ decoded: { claims } }: NotedToken): readonly Note[] {
  const notes: Note[] = []
  switch (kindOf(claims)) {
    case 'refresh':
      notes.push(note('kind_refresh', 'This is a refresh token: it grants nothing anywhere.'))
      break
    case 'id':
      notes.push(note('kind_id', 'This is an ID token: it grants nothing anywhere.'))
      break
    case 'other':
      notes.push(note('kind_unknown', unknownKind(claims['type'])))
      break
    case 'access':
  }
  if (claims['cnf'] !== undefined) {
    notes.push(
      note('sender_constrained', 'The token is bound to a key (cnf): it is no Bearer token.'),
    )
  }
  return notes
}

function unknownKind(type: unknown): string {
  return type === undefined
    ? 'The token has no authorization map: it is no access token.'
    : `The type of the token is ${printableValue(type, 40)}, not "access".`
}

/** For whom it is, and of which mode. */
export function originNotes({ decoded: { claims } }: NotedToken): readonly Note[] {
  const notes: Note[] = []
  const audience = claims['aud']
  if (audience === undefined || (Array.isArray(audience) && audience.length === 0)) {
    notes.push(note('no_audience', noAudience(claims['tenantId'], claims['mode'])))
  }
  if (claims['mode'] === 'test') {
    notes.push(note('test_mode', 'The token is of test mode: a server for live mode refuses it.'))
  }
  return notes
}

/** Userfront's tokens never have one; the workspace and the mode stand in for it. */
function noAudience(workspace: unknown, mode: unknown): string {
  return typeof workspace === 'string' && typeof mode === 'string'
    ? 'The token names no audience: only its workspace and mode say for whom it is.'
    : 'The token names no audience: any server that trusts its issuer would accept it.'
}
