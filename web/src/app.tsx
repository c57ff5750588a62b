import { useEffect } from 'preact/hooks'
import { Choice } from './choice.tsx'
import { DropTarget } from './data/drop-target.tsx'
import { Panes } from './panel/panes.tsx'
import { RegionSearch } from './regions/search.tsx'
import { RegionTree } from './regions/tree-view.tsx'
import { address } from './state/address.ts'
import { isLoaded, parcellation, region, space } from './state/atlas.ts'
import { isNarrow } from './state/narrow.ts'
import { problem, works } from './state/problems.ts'
import { chooseRegion } from './state/shown.ts'
import { ThemeButton } from './theme-button.tsx'
import { Viewer } from './viewer/viewer.tsx'

/** The page: what is chosen above, the regions on the left, the brain in the middle, what is known of it on the right. */
export function App() {
  useTitle()
  useEscape()
  return (
    <div class="page">
      <header>
        <h1>
          <a href="./">siibra</a>
        </h1>
        <Choice />
        <nav aria-label="More">
          <a href="./guide/">Guide</a>
          <a href="./v3_0/docs">API</a>
          <a href="./examples">Examples</a>
          <a href="./status">Status</a>
          <ThemeButton />
        </nav>
      </header>
      <main>
        {isNarrow.value ? null : (
          <section class="regions" aria-label="Regions">
            <RegionSearch />
            <RegionTree />
          </section>
        )}
        <section class="brain" aria-label="Brain">
          {isLoaded.value && !parcellation.value ? (
            <p class="empty">
              This configuration has no labelled map to show. The <a href="./v3_0/docs">documentation of the API</a>{' '}
              lists what it has.
            </p>
          ) : (
            <Viewer />
          )}
        </section>
        <Panes />
      </main>
      <DropTarget />
      <Progress />
      <Problem />
    </div>
  )
}

function useTitle() {
  const parts = [region.value?.name, parcellation.value?.name, space.value?.shortName, 'siibra']
  const title = parts.filter(Boolean).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}

/** Escape goes back a step: out of a data set, then out of the region. Dialogs and fields have it first. */
function useEscape() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).matches?.('input, select, textarea, dialog *')
      if (event.key !== 'Escape' || event.defaultPrevented || isTyping) return
      if (problem.value) problem.value = undefined
      else if (address.feature.value) address.feature.value = ''
      else if (address.region.value) chooseRegion('')
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

function Progress() {
  return (
    <div class="works" role="status" aria-live="polite">
      {works.value.map((work) => (
        <div class="work" key={work.end}>
          <span>{work.label}</span>
          <progress aria-label={work.label} {...(work.share === undefined ? {} : { value: work.share })} />
          <button type="button" onClick={work.end}>
            Stop
          </button>
        </div>
      ))}
    </div>
  )
}

function Problem() {
  if (problem.value === undefined) return null
  return (
    <div class="problem" role="alert">
      <p>{problem.value}</p>
      <button
        type="button"
        onClick={() => {
          problem.value = undefined
        }}
      >
        Close
      </button>
    </div>
  )
}
