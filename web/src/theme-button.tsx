import { signal } from '@preact/signals'

const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const systemTheme = () => (prefersDark.matches ? 'dark' : 'light')
const stored = () => {
  const value = localStorage.getItem('theme')
  return value === 'light' || value === 'dark' ? value : undefined
}

/** The person's choice, else that of the system. */
export const theme = signal<'light' | 'dark'>(stored() ?? systemTheme())
document.documentElement.dataset.theme = theme.value
prefersDark.addEventListener('change', () => {
  if (!stored()) apply(systemTheme())
})

function apply(next: 'light' | 'dark') {
  theme.value = next
  document.documentElement.dataset.theme = next
}

export function ThemeButton() {
  const other = theme.value === 'dark' ? 'light' : 'dark'
  const change = () => {
    localStorage.setItem('theme', other)
    apply(other)
  }
  return (
    <button type="button" onClick={change} aria-label={`Use ${other} colours`} title={`Use ${other} colours`}>
      {theme.value === 'dark' ? '☀' : '☾'}
    </button>
  )
}
