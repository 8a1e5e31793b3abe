/** VitePress' own theme, and the token inspector. */
import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import TokenInspector from './TokenInspector.vue'
import './site.css'

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('TokenInspector', TokenInspector)
  },
}

export default theme
