/** What is worth a look: the same notes that `tenantry inspect` prints. */
import { type Note, type NoteLevel, noteMeanings } from '@tenantry/report'
import { element, find } from './element.ts'

const words: Readonly<Record<NoteLevel, string>> = {
  problem: 'Problem',
  warning: 'Look at this',
  info: 'Good to know',
}

/** Draws the list; without notes there is no section. */
export function showNotes(notes: readonly Note[]): void {
  find('notes-section').hidden = notes.length === 0
  find('notes').replaceChildren(...notes.map(noteElement))
}

function noteElement({ id, level, text }: Note): HTMLElement {
  const { why, fix } = noteMeanings[id]
  return element(
    'li',
    { 'data-level': level },
    element('span', { class: 'level' }, words[level]),
    element(
      'details',
      {},
      element('summary', {}, text),
      element('p', {}, why, ' ', element('span', { class: 'fix' }, fix)),
    ),
  )
}
