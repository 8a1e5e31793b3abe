/** What is worth a look: the same notes that `tenantry inspect` prints. */
import type { Note } from '@tenantry/report'
import { element, find } from './element.ts'

/** Draws the list; without notes there is no section. */
export function showNotes(notes: readonly Note[]): void {
  find('notes-section').hidden = notes.length === 0
  find('notes').replaceChildren(
    ...notes.map(({ message }) =>
      element('li', {}, element('span', { 'aria-hidden': 'true', class: 'mark' }, '!'), message),
    ),
  )
}
