import type { Theme } from 'vitepress'
// the fonts of the system: nothing is loaded for them
import DefaultTheme from 'vitepress/theme-without-fonts'
import { SiteDiagram } from './diagram.ts'
import './style.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('SiteDiagram', SiteDiagram)
  },
} satisfies Theme
