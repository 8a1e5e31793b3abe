/** The box that the token is pasted into, with its three parts tinted. */
import type { Origin } from '../reading/hand-over.ts'
import { element, find } from './element.ts'

/** Tinting a longer text costs more than it helps. */
const MAX_TINTED = 32_768

/** A text box that takes pasted text and dropped files. */
export interface TextBox {
  readonly text: () => string
  set(text: string, origin?: Origin): void
}

/** Connects a text box. What is typed, pasted and dropped comes from the person. */
export function createTextBox(id: string, changed: (origin: Origin) => void): TextBox {
  const area = find(id, HTMLTextAreaElement)
  area.addEventListener('input', () => changed('person'))
  area.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault()
  })
  area.addEventListener('drop', (event) => {
    const file = event.dataTransfer?.files[0]
    if (file === undefined) return
    event.preventDefault()
    // Twice the largest token there is; a file that cannot be read is as if none had been dropped.
    file
      .slice(0, 2 * 1024 * 1024)
      .text()
      .then(
        (text) => set(text),
        () => undefined,
      )
  })
  function set(text: string, origin: Origin = 'person'): void {
    area.value = text
    changed(origin)
  }
  return { text: () => area.value, set }
}

/** Paints the parts of the token behind its text. `jwt` is undefined for what is no token. */
export function tintToken(text: string, jwt: string | undefined): void {
  const tint = find('tint')
  const area = find('token', HTMLTextAreaElement)
  // Only a text that is the token and nothing else lies exactly over its parts.
  const isTinted = jwt !== undefined && text === jwt && jwt.length <= MAX_TINTED
  find('legend').hidden = !isTinted
  const parts = isTinted ? text.split('.') : []
  const names = ['header', 'payload', 'signature']
  tint.replaceChildren(
    ...parts.flatMap((part, index) => [
      index === 0 ? '' : '.',
      element('span', { class: `part ${names[index] ?? ''}` }, part),
    ]),
  )
  tint.scrollTop = area.scrollTop
}

/** Keeps the tint below the text while it is scrolled. */
export function connectTint(): void {
  const area = find('token', HTMLTextAreaElement)
  area.addEventListener('scroll', () => {
    find('tint').scrollTop = area.scrollTop
  })
}
