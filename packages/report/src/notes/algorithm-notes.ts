/** Notes on the header: what the token is signed with. */
import { algorithmNames } from '@tenantry/core'
import { printableValue } from '../text/visible.ts'
import { type Note, note } from './note.ts'
import type { NotedToken } from './noted-token.ts'

const keyMembers = ['jku', 'jwk', 'x5u', 'x5c']

/** What the header says of the signature. */
export function algorithmNotes({ decoded: { header } }: NotedToken): readonly Note[] {
  const notes: Note[] = []
  const brought = keyMembers.filter((name) => header[name] !== undefined)
  const algorithm = algorithmNote(header['alg'])
  if (algorithm !== undefined) notes.push(algorithm)
  if (header['crit'] !== undefined || header['b64'] !== undefined) {
    const name = header['crit'] === undefined ? 'b64' : 'crit'
    notes.push(note('crit_present', `The header has ${name}: Tenantry refuses the token.`))
  }
  if (brought.length > 0) {
    notes.push(
      note(
        'key_in_header',
        `The header has ${brought.join(', ')}: a token does not choose its key.`,
      ),
    )
  }
  const kid = header['kid']
  if (kid === undefined) {
    notes.push(
      note('kid_missing', 'The token does not name its key: it needs a set with one that fits.'),
    )
  } else if (typeof kid !== 'string' || kid === '' || kid.length > 256) {
    notes.push(note('kid_invalid', 'The kid is not a string of 1 to 256 characters.'))
  }
  return notes
}

function algorithmNote(alg: unknown): Note | undefined {
  if (typeof alg === 'string' && alg.toLowerCase() === 'none') {
    return note('alg_none', 'The token is not signed (alg "none"): anybody can have written it.')
  }
  const known = algorithmNames.find((name) => name === alg)
  if (known === undefined) {
    return note(
      'alg_unknown',
      `Tenantry does not know the algorithm ${printableValue(alg ?? null, 40)}.`,
    )
  }
  if (known.startsWith('HS')) {
    return note('alg_secret', `${known}: whoever can verify this token can make one.`)
  }
  if (known === 'RS256') return undefined
  return note(
    'alg_not_default',
    `${known} must be listed in algorithms; RS256 is what is accepted otherwise.`,
  )
}
