import { useEffect } from 'preact/hooks'
import { Choice } from './choice.tsx'
import { FeatureView } from './panel/feature-view.tsx'
import { PointPanel } from './panel/point-panel.tsx'
import { RegionPanel } from './panel/region-panel.tsx'
import { RegionSearch } from './regions/search.tsx'
import { RegionTree } from './regions/tree-view.tsx'
import { address } from './state/address.ts'
import { isLoaded, parcellation, region, space } from './state/atlas.ts'
import { problem, works } from './state/problems.ts'
import { ThemeButton } from './theme-button.tsx'
import { Viewer } from './viewer/viewer.tsx'

/** The page: what is chosen above, the regions on the left, the brain in the middle, what is known of it on the right. */
export function App() {
  useTitle()
  return (
    <div class="page">
      <header>
        <h1>
          <a href="./">siibra</a>
        </h1>
        <Choice />
        <nav aria-label="More">
          <a href="./v3_0/docs">API</a>
          <a href="./examples">Examples</a>
          <a href="./status">Status</a>
          <ThemeButton />
        </nav>
      </header>
      <main>
        <section class="regions" aria-label="Regions">
          <RegionSearch />
          <RegionTree />
        </section>
        <section class="brain" aria-label="Brain">
          {isLoaded.value && !parcellation.value ? (
            <p class="empty">
              This configuration has no labelled map to show. The API documentation lists what it has.
            </p>
          ) : (
            <Viewer />
          )}
        </section>
        <aside aria-label="Details">
          {address.feature.value ? <FeatureView /> : address.region.value ? <RegionPanel /> : <PointPanel />}
        </aside>
      </main>
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

function Progress() {
  return (
    <div class="works" role="status" aria-live="polite">
      {works.value.map((work) => (
        <div class="work" key={work.label}>
          <span>{work.label}</span>
          <progress {...(work.share === undefined ? {} : { value: work.share })} />
          <button type="button" onClick={work.end}>
            End
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
      <button type="button" onClick={() => (problem.value = undefined)}>
        Close
      </button>
    </div>
  )
}
