import { type ReadonlySignal, useComputed } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { getJson } from '../api/client.ts'
import type { DataFrame } from '../api/types.ts'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { hasStatisticalMap, parcellation, space } from '../state/atlas.ts'
import { drawn, parsePoint, regionValues, roundedMm } from '../state/shown.ts'
import { colourOf } from './colours.ts'
import type { DrawnImage } from './use-drawing.ts'
import type { PointMm } from './volume.ts'

/** The region under the pointer, and where on the canvas that is. */
export interface Hovered {
  name: string
  pointMm: PointMm
  x: number
  y: number
  width: number
}

/** How long the pointer rests before the service is asked for the probability there. */
const REST_MS = 120

/** Name, parent and probability of the region under the pointer, beside it. */
export function HoverTip({ hovered, image }: { hovered: Hovered | undefined; image: DrawnImage | undefined }) {
  const probability = useProbability(hovered)
  if (!hovered) return null
  const { name, x, y, width } = hovered
  const [r, g, b] = colourOf(name, (drawn.value?.names.indexOf(name) ?? 0) + 1)
  const value = regionValues.value?.values.get(name)
  const read = image?.valueAt?.(hovered.pointMm)
  const side = x > width / 2 ? { right: `${width - x + 14}px` } : { left: `${x + 14}px` }
  return (
    <div class="tip" style={{ top: `${y + 12}px`, ...side }} aria-hidden="true" data-region={name}>
      <strong>
        <i class="dot" style={{ background: `rgb(${r} ${g} ${b})` }} />
        {name}
      </strong>
      <span>{parentOf(name)}</span>
      {value !== undefined ? <span>{Number(value.toPrecision(5))}</span> : null}
      {probability !== undefined ? <span>probability {probability.toFixed(2)}</span> : null}
      {image && read && image.title !== name ? (
        <span>
          {image.title}: {read.toFixed(2)}
        </span>
      ) : null}
    </div>
  )
}

const parentOf = (name: string) => tree.value.byName.get(name)?.parent?.region.name ?? ''

/** The probability of the region under the pointer, as the statistical map has it, once the pointer rests. */
function useProbability(hovered: Hovered | undefined): number | undefined {
  const [known, setKnown] = useState<{ key: string; value: number | undefined }>()
  const key = hovered ? `${hovered.name} ${roundedMm(hovered.pointMm)}` : ''
  useEffect(() => {
    if (!hovered || !hasStatisticalMap.value) return
    const ended = new AbortController()
    const query = {
      parcellation_id: parcellation.value?.['@id'],
      space_id: space.value?.['@id'],
      point: hovered.pointMm.map((value) => `${value.toFixed(1)}mm`).join(','),
      assignment_type: 'statistical',
    }
    const timer = setTimeout(() => {
      getJson<DataFrame>('/map/assign', query, { signal: ended.signal })
        .then(({ columns, data }) => {
          const row = data.find((one) => one[columns.indexOf('region')] === hovered.name)
          setKnown({ key, value: (row?.[columns.indexOf('map_value')] as number | null) ?? undefined })
        })
        // what is read in passing is no reason to interrupt somebody
        .catch(() => {})
    }, REST_MS)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [key])
  return known?.key === key ? known.value : undefined
}

/** Where the cross is, and what lies there, in words. */
export function usePlace(image: ReadonlySignal<DrawnImage | undefined>) {
  return useComputed(() => {
    const point = parsePoint(address.point.value)
    if (!point) return ''
    const name = drawn.value?.at(point)
    const parent = name && parentOf(name)
    const value = image.value?.valueAt?.(point)
    const what = image.value?.title === name ? 'probability' : image.value?.title
    const read = value ? `, ${what} ${value.toFixed(2)}` : ''
    const where = `${point.map((one) => one.toFixed(1)).join(', ')} mm`
    return name ? `${where}: ${name}${parent ? `, ${parent}` : ''}${read}` : `${where}: no region${read}`
  })
}
