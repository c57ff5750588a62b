import { DataPanel } from '../data/data-panel.tsx'
import { RegionSearch } from '../regions/search.tsx'
import { RegionTree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { isLoaded, parcellation } from '../state/atlas.ts'
import { openPane, type Pane, pane, panes } from '../state/shown.ts'
import { FeatureView } from './feature-view.tsx'
import { ParcellationPanel } from './parcellation-panel.tsx'
import { PointPanel } from './point-panel.tsx'
import { RegionPanel } from './region-panel.tsx'

const LABELS: Record<Pane, string> = { regions: 'Regions', region: 'Details', point: 'Point', data: 'Your data' }

/** What is known of what is chosen, a tab at a time. The tab of the regions is there on narrow screens alone. */
export function Panes() {
  const open = pane()
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (!step) return
    const tabs = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=tab]')]
    const next = tabs[(tabs.findIndex((tab) => tab.ariaSelected === 'true') + step + tabs.length) % tabs.length]
    next?.click()
    next?.focus()
  }
  return (
    <aside aria-label="Details">
      <div class="tabs" role="tablist" aria-label="What is shown" onKeyDown={onKeyDown}>
        {panes().map((one) => (
          <button
            key={one}
            id={`pane-${one}`}
            type="button"
            role="tab"
            aria-selected={one === open}
            aria-controls="pane"
            tabIndex={one === open ? 0 : -1}
            onClick={() => openPane(one)}
          >
            {LABELS[one]}
          </button>
        ))}
      </div>
      <div id="pane" class="panel" role="tabpanel" aria-labelledby={`pane-${open}`} tabIndex={-1}>
        <Content open={open} />
      </div>
    </aside>
  )
}

function Content({ open }: { open: Pane }) {
  if (isLoaded.value && !parcellation.value) return null
  if (open === 'regions')
    return (
      <>
        <RegionSearch />
        <RegionTree />
      </>
    )
  if (open === 'point') return <PointPanel />
  if (open === 'data') return <DataPanel />
  if (address.feature.value) return <FeatureView />
  return address.region.value ? <RegionPanel /> : <ParcellationPanel />
}
