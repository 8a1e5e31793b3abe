/** Light, dark, or as the system has it. Not stored: the page keeps nothing. */
import { find, setText } from './element.ts'

const themes = ['automatic', 'light', 'dark'] as const

/** Connects the button. */
export function connectTheme(): void {
  const button = find('theme')
  const root = document.documentElement
  button.addEventListener('click', () => {
    const current = themes.findIndex((theme) => theme === (root.dataset['theme'] ?? 'automatic'))
    const next = themes[(current + 1) % themes.length] ?? 'automatic'
    if (next === 'automatic') delete root.dataset['theme']
    else root.dataset['theme'] = next
    setText(button, `Theme: ${next}`)
  })
}
