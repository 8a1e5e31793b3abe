/** Everything that there is to say about a token, the worst first. */
import { algorithmNotes } from './algorithm-notes.ts'
import { keyNotes } from './key-notes.ts'
import { kindNotes, originNotes } from './kind-notes.ts'
import type { Note, NoteLevel } from './note.ts'
import type { NotedToken } from './noted-token.ts'
import { roleNotes } from './role-notes.ts'
import { sizeNotes } from './size-notes.ts'
import { tenantNotes } from './tenant-notes.ts'
import { timeNotes } from './time-notes.ts'

const order: readonly NoteLevel[] = ['problem', 'warning', 'info']

/**
 * The notes on a token, verified or not. No note means that nothing is odd about it, and not that it
 * is genuine.
 */
export function notesOf(token: NotedToken): readonly Note[] {
  const notes = [
    ...kindNotes(token),
    ...algorithmNotes(token),
    ...keyNotes(token),
    ...timeNotes(token),
    ...originNotes(token),
    ...sizeNotes(token),
    ...tenantNotes(token),
    ...roleNotes(token),
  ]
  return order.flatMap((level) => notes.filter((note) => note.level === level))
}
