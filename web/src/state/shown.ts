import { signal } from '@preact/signals'
import { type Scale, scaleOf } from '../colour.ts'
import type { RegionVolume } from '../viewer/labels.ts'
import type { PointMm } from '../viewer/volume.ts'
import { address } from './address.ts'
import { isNarrow } from './narrow.ts'

/** Numbers of regions that are drawn as colours instead of those of the parcellation. */
export interface RegionValues {
  title: string
  values: ReadonlyMap<string, number>
  scale: Scale
}
export const regionValues = signal<RegionValues | undefined>(undefined)

export function showValues(title: string, values: ReadonlyMap<string, number>): void {
  regionValues.value = { title, values, scale: scaleOf(values.values()) }
}

/** An image of one's own that is drawn over the template. It does not leave the browser by that. */
export interface OwnImage {
  name: string
  file: ArrayBuffer
}
export const ownImage = signal<OwnImage | undefined>(undefined)

/** Which region is where in the map that is drawn, and how many voxels it has (0: a surface). */
export const drawn = signal<(Pick<RegionVolume, 'at' | 'names'> & { voxels: number }) | undefined>(undefined)

/** What the panel on the right shows. On narrow screens the regions are a part of it. */
const PANES = ['regions', 'region', 'point', 'data'] as const
export type Pane = (typeof PANES)[number]
export const panes = () => PANES.filter((one) => one !== 'regions' || isNarrow.value)
export const pane = () => panes().find((one) => one === address.pane.value) ?? 'region'

export function openPane(next: Pane): void {
  address.pane.value = next === 'region' ? '' : next
}

export function chooseRegion(name: string): void {
  address.region.value = name
  address.feature.value = ''
  if (pane() === 'regions') openPane('region')
}

export const roundedMm = (pointMm: readonly number[]) => pointMm.map((value) => Math.round(value * 10) / 10).join(',')

/** `x,y,z` as numbers; undefined where it is none. Signs between the numbers may be commas, semicolons or spaces. */
export function parsePoint(text: string | undefined): PointMm | undefined {
  const parts = (text ?? '')
    .replaceAll(/mm|[[\]()]/g, ' ')
    .trim()
    .split(/[\s,;]+/)
  const [x, y, z, ...further] = parts.map(Number)
  if (!text || x === undefined || y === undefined || z === undefined || further.length > 0) return undefined
  return [x, y, z].every(Number.isFinite) ? [x, y, z] : undefined
}
