import type { MapIndex, ParcellationMap, Region, Volume } from '../core/types.ts'
import { VERTEX_LABEL_FORMATS } from '../core/volume-formats.ts'
import { SiibraError } from '../errors.ts'
import { colourOfNumber, parseHexColour } from '../pictures/colours.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { fetchSurfaceLabels } from '../volumes/read-mesh.ts'
import { encodeGiftiLabels, type GiftiLabel } from './encode-gifti.ts'

export interface SurfaceLabelOptions {
  /** Part of the name of a hemisphere; all, one after the other, where it is left out. */
  fragment?: string | undefined
  meta?: Readonly<Record<string, string>>
  signal?: AbortSignal | undefined
}

/**
 * The labels of the vertices of a surface with names and colours of their regions, as GIFTI (`.label.gii`), in the order of the vertices of the
 * space's mesh. Where a label means one region on the left and another on the right, those of the second hemisphere are counted on behind the largest of the first.
 * NOT_AVAILABLE for maps of voxels.
 */
export async function fetchLabelledSurfaceFile(
  { retrieval }: { retrieval: Retrieval },
  map: ParcellationMap,
  { fragment, meta, signal }: SurfaceLabelOptions = {},
): Promise<Uint8Array> {
  const volume = map.volumes.findIndex(({ providers }) => VERTEX_LABEL_FORMATS.some((format) => providers[format]))
  const parts = volume < 0 ? [] : hemispheresOf(map.volumes[volume]!, fragment)
  if (parts.length === 0)
    throw new SiibraError('NOT_AVAILABLE', `The map '${map.name}' is not drawn on a surface`, { map: map.id })
  const read = await Promise.all(
    parts.map((part) => fetchSurfaceLabels(retrieval, map.volumes[volume]!, { fragment: part ?? undefined, signal })),
  )
  const regions = parts.map((part) => regionsOf(map, volume, part))
  const step = needsStep(regions) ? Math.max(...regions.flatMap((labels) => [...labels.keys()]), 0) : 0
  const labels = new Int32Array(read.reduce((sum, { length }) => sum + length, 0))
  const table = new Map<number, GiftiLabel>([[0, { key: 0, name: '???', rgba: [0, 0, 0, 0] }]])
  let at = 0
  for (const [number, vertices] of read.entries()) {
    for (const label of vertices) labels[at++] = label === 0 ? 0 : label + number * step
    for (const [label, region] of regions[number]!) {
      const [red, green, blue] = colourOf(region, label).map((value) => Number((value / 255).toFixed(4)))
      const key = label + number * step
      table.set(key, { key, name: region.name, rgba: [red!, green!, blue!, 1] })
    }
  }
  return encodeGiftiLabels(labels, [...table.values()], meta ? { meta } : {})
}

/** Names of the fragments that fit; null for a volume that is not cut. */
function hemispheresOf({ providers }: Volume, fragment = ''): (string | null)[] {
  const format = VERTEX_LABEL_FORMATS.find((candidate) => providers[candidate])
  const source = format && providers[format]
  if (source === undefined) return []
  const names = typeof source === 'string' ? [] : Object.keys(source)
  const fitting = names.filter((name) => name.toLowerCase().includes(fragment.toLowerCase()))
  if (names.length === 0 && fragment === '') return [null]
  if (fitting.length > 0) return fitting
  throw new SiibraError('INVALID_PARAMETER', `Fragment '${fragment}' is not one of ${names.join(', ') || 'none'}`, {
    parameter: 'fragment',
    allowed: names,
  })
}

function regionsOf(map: ParcellationMap, volume: number, fragment: string | null): Map<number, Region> {
  const byName = new Map(map.parcellation.regions.map((region) => [region.name, region]))
  const isHere = (index: MapIndex) =>
    index.volume === volume && (index.fragment === null || fragment === null || index.fragment === fragment)
  const regions = new Map<number, Region>()
  for (const [name, indices] of map.indices) {
    const region = byName.get(name)
    for (const index of indices) if (region && index.label !== null && isHere(index)) regions.set(index.label, region)
  }
  return regions
}

/** Whether a label means different regions in different hemispheres. */
function needsStep(regions: readonly ReadonlyMap<number, Region>[]): boolean {
  const known = new Map<number, Region>()
  return regions.some((labels) =>
    [...labels].some(([label, region]) => {
      const other = known.get(label)
      known.set(label, region)
      return other !== undefined && other !== region
    }),
  )
}

const colourOf = ({ rgb }: Region, label: number) =>
  (rgb === null ? undefined : parseHexColour(rgb)) ?? colourOfNumber(label)
