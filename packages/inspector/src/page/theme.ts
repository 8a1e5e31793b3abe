/** Light, dark, or as the system has it. Not stored: the page keeps nothing. */
import { find, setText } from './element.ts'

const themes = ['automatic', 'light', 'dark'] as const

/** Connects the button. */
export function connectTheme(): void {
  find('theme').addEventListener('click', () => {
    const [theme] = themes.filter((known) => known === document.documentElement.dataset['theme'])
    setTheme(theme === 'light' ? 'dark' : theme === 'dark' ? 'automatic' : 'light')
  })
}

/** Sets the theme; what is none is automatic. */
export function setTheme(wanted: string): void {
  const theme = themes.find((known) => known === wanted) ?? 'automatic'
  document.documentElement.dataset['theme'] = theme
  setText(find('theme'), `Theme: ${theme}`)
}
