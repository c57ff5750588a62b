import { address } from '../state/address.ts'
import { hasStatisticsOfRegion } from '../state/atlas.ts'
import { regionValues } from '../state/shown.ts'
import type { Layout } from './scene.ts'

const LAYOUTS: { layout: Layout; label: string }[] = [
  { layout: 'all', label: 'All' },
  { layout: 'sagittal', label: 'Sagittal' },
  { layout: 'coronal', label: 'Coronal' },
  { layout: 'axial', label: 'Axial' },
  { layout: '3d', label: '3D' },
]

/** The planes that the address names. */
export const layout = (): Layout => LAYOUTS.find((one) => one.layout === address.view.value)?.layout ?? 'all'

/** Which planes are shown, and what lies on them. */
export function Toolbar({ isSurface }: { isSurface: boolean }) {
  const shown = layout()
  return (
    <div class="tools" role="toolbar" aria-label="View">
      <span class="group" hidden={isSurface}>
        {LAYOUTS.map((one) => (
          <button
            key={one.layout}
            type="button"
            aria-pressed={shown === one.layout}
            onClick={() => {
              address.view.value = one.layout === 'all' ? '' : one.layout
            }}
          >
            {one.label}
          </button>
        ))}
      </span>
      {hasStatisticsOfRegion.value && !regionValues.value && !isSurface ? <LayerChoice /> : null}
    </div>
  )
}

function LayerChoice() {
  const isLabels = address.layer.value === 'labels'
  const choose = (layer: string) => () => {
    address.layer.value = layer
  }
  return (
    <span class="group">
      <button type="button" aria-pressed={!isLabels} onClick={choose('')}>
        Probability
      </button>
      <button type="button" aria-pressed={isLabels} onClick={choose('labels')}>
        Labels
      </button>
    </span>
  )
}
