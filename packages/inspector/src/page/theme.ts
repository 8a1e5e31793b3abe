/** Light, dark, or as the system has it. Not stored: the page keeps nothing. */
import { find, setText } from './element.ts'

const themes = ['automatic', 'light', 'dark'] as const

/** Connects the button. */
export function connectTheme(): void {
  find('theme').addEventListener('click', () => {
    const current = themes.findIndex((known) => known === document.documentElement.dataset['theme'])
    setTheme(themes[(Math.max(0, current) + 1) % themes.length] ?? 'automatic')
  })
}

/** Sets the theme; what is none is automatic. */
export function setTheme(wanted: string): void {
  const theme = themes.find((known) => known === wanted) ?? 'automatic'
  document.documentElement.dataset['theme'] = theme
  setText(find('theme'), `Theme: ${theme}`)
}
