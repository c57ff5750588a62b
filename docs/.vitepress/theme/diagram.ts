import mermaidUrl from '@mermaid-js/tiny?url'
import { useData } from 'vitepress'
import { defineComponent, h, onMounted, ref, watch } from 'vue'

interface Mermaid {
  initialize(options: object): void
  render(id: string, source: string): Promise<{ svg: string }>
}
declare global {
  interface Window {
    mermaid?: Mermaid
  }
}

let loading: Promise<Mermaid> | undefined
/** 670 kB compressed, so only pages with a diagram load it. */
function loadMermaid(): Promise<Mermaid> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = mermaidUrl
    script.onload = () => (window.mermaid ? resolve(window.mermaid) : reject(new Error('mermaid is not there')))
    script.onerror = () => reject(new Error('mermaid cannot be loaded'))
    document.head.append(script)
  })
  return loading
}

const FONT = 'system-ui, sans-serif'
const LIGHT = {
  primaryColor: '#eef4f8',
  primaryBorderColor: '#5b7f95',
  primaryTextColor: '#1b1b1f',
  lineColor: '#555',
  clusterBkg: '#f8f8fa',
  clusterBorder: '#bbb',
  edgeLabelBackground: '#ffffff',
}
const DARK = {
  darkMode: true,
  background: '#1b1b1f',
  primaryColor: '#25343d',
  primaryBorderColor: '#6f9bb3',
  primaryTextColor: '#f0f0f0',
  textColor: '#f0f0f0',
  lineColor: '#bbb',
  clusterBkg: '#202127',
  clusterBorder: '#555',
  titleColor: '#f0f0f0',
  edgeLabelBackground: '#1b1b1f',
  signalColor: '#ccc',
  signalTextColor: '#f0f0f0',
  labelTextColor: '#f0f0f0',
  loopTextColor: '#f0f0f0',
}

let drawn = 0

/** A Mermaid diagram, drawn again when the theme changes. The slot is what is shown where it cannot be drawn. */
export const SiteDiagram = defineComponent({
  props: { source: { type: String, required: true } },
  setup(props, { slots }) {
    const { isDark } = useData()
    const svg = ref('')
    const draw = async () => {
      const mermaid = await loadMermaid()
      const themeVariables = isDark.value ? DARK : LIGHT
      mermaid.initialize({
        startOnLoad: false,
        suppressErrorRendering: true,
        theme: 'base',
        fontFamily: FONT,
        themeVariables,
      })
      svg.value = (await mermaid.render(`diagram-${drawn++}`, decodeURIComponent(props.source))).svg
    }
    onMounted(() => {
      draw().catch(() => {})
      watch(isDark, () => draw().catch(() => {}))
    })
    return () =>
      svg.value === ''
        ? h('div', slots.default?.())
        : h('div', { class: 'diagram', role: 'img', tabindex: 0, 'aria-label': 'Diagram', innerHTML: svg.value })
  },
})
