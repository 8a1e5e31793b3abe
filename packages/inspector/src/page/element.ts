/** Building and finding elements. Text is only ever set as text; there is no way to pass markup. */

/** What an element may hold. `undefined` is nothing. */
export type Child = Node | string | undefined

/** Attributes by name; `undefined` leaves one out. */
export type Attributes = Readonly<Record<string, string | undefined>>

/** Makes an element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value)
  }
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/** A class of elements, such as `HTMLInputElement`. */
type ElementClass<Kind extends HTMLElement> = abstract new (...values: never[]) => Kind

/** An element of the page, which page.html has. @throws {Error} when page.html lost it */
export function find(id: string): HTMLElement
export function find<Kind extends HTMLElement>(id: string, kind: ElementClass<Kind>): Kind
export function find(id: string, kind: ElementClass<HTMLElement> = HTMLElement): HTMLElement {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`The page has no ${kind.name} #${id}.`)
}

/** Sets the text of an element when it is another, so that nothing is announced twice. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text
}

/** Puts other children into an element when they look different, so that a selection stays. */
export function replaceWhenChanged(
  target: HTMLElement,
  children: readonly (Node | string)[],
): void {
  const drawn = element('div')
  drawn.append(...children)
  if (drawn.innerHTML !== target.innerHTML) target.replaceChildren(...drawn.childNodes)
}
