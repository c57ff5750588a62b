import { subtree } from '../core/tree.ts'
import type { MapIndex, Parcellation, ParcellationMap, Region, Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import type { Extent } from '../maps/labels/extent.ts'
import { fetchLabelledSurface } from '../maps/labels/labelled-surface.ts'
import { fetchRegionMask, maskImageInSlices } from '../maps/labels/region-mask.ts'
import type { Mesh } from '../volumes/image.ts'
import { fetchMesh, surfaceLabelFiles } from '../volumes/read-mesh.ts'
import { mergeMeshes } from '../volumes/surfaces/mesh.ts'
import { meshOfImage } from './mask-mesh.ts'
import { trianglesOf } from './surface-part.ts'

export interface RegionMeshOptions {
  /** Part of the name of a fragment (`left`). */
  fragment?: string | undefined
  /** Of spaces of surfaces: part of the name of one (`pial`, `inflated`); the first where it is left out. */
  variant?: string | undefined
  extent?: Extent | undefined
  signal?: AbortSignal | undefined
}

type Drawn = [map: ParcellationMap, index: MapIndex]

/**
 * The mesh of a region with its parts, mm: the meshes that a labelled map provides; on a space of surfaces the triangles whose vertices all
 * belong to the region; else the closed surface of its mask. NOT_AVAILABLE where no labelled map draws the region.
 */
export async function fetchRegionMesh(
  core: AtlasVolumes,
  region: Region,
  space: Space,
  options: RegionMeshOptions = {},
): Promise<Mesh> {
  const maps = core.maps.all.filter(
    (map) => map.mapType === 'LABELLED' && map.space === space && map.parcellation === region.parcellation,
  )
  const withMeshes = drawnBy(maps.filter(providesMeshes), region, options.extent)
  if (withMeshes.length > 0) return provided(core, withMeshes, options)
  const surfaces = maps.filter(({ volumes }) => volumes.some((volume) => surfaceLabelFiles(volume).length > 0))
  const onSurfaces = drawnBy(surfaces, region, options.extent)
  if (onSurfaces.length > 0) return partOfSurface(core, onSurfaces, options)
  if (options.variant !== undefined)
    throw new SiibraError('INVALID_PARAMETER', `variant: '${space.name}' is no space of surfaces`, {
      parameter: 'variant',
    })
  const { fragment, extent, signal } = options
  const mask = await fetchRegionMask(core, region, space, { fragment, extent: extent ?? wholeOf(region), signal })
  return meshOfImage(await maskImageInSlices(mask, signal))
}

/** Of a parcellation there is whatever of it is drawn. */
const wholeOf = (region: Region): Extent | undefined =>
  (region as Region | Parcellation).kind === 'parcellation' ? 'drawn' : undefined

const providesMeshes = ({ volumes }: ParcellationMap) =>
  volumes.some(({ providers }) => providers['neuroglancer/precompmesh'])

function drawnBy(maps: readonly ParcellationMap[], region: Region, extent: Extent | undefined): Drawn[] {
  const of = (node: Region): Drawn[] => {
    const map = maps.find(({ indices }) => indices.has(node.name))
    return map ? map.indices.get(node.name)!.map((index): Drawn => [map, index]) : []
  }
  const own = of(region)
  return extent === 'own' && own.length > 0 ? own : subtree(region).flatMap(of)
}

async function provided(core: AtlasVolumes, drawn: readonly Drawn[], options: RegionMeshOptions): Promise<Mesh> {
  const { fragment, signal } = options
  const meshes = drawn.map(([map, { volume, label, fragment: own }]) =>
    fetchMesh(core.retrieval, map.volumes[volume]!, {
      label: label ?? undefined,
      fragment: fragment ?? own ?? undefined,
      signal,
    }),
  )
  return mergeMeshes(await Promise.all(meshes))
}

async function partOfSurface(core: AtlasVolumes, drawn: readonly Drawn[], options: RegionMeshOptions): Promise<Mesh> {
  const { fragment = '', variant, signal } = options
  // one surface for each map and hemisphere, with the labels that are wanted of it
  const parts = new Map<string, { map: ParcellationMap; fragment: string | null; labels: Set<number> }>()
  for (const [map, index] of drawn) {
    const key = JSON.stringify([map.id, index.fragment])
    const part = parts.get(key) ?? { map, fragment: index.fragment, labels: new Set() }
    parts.set(key, part)
    if (index.label !== null) part.labels.add(index.label)
  }
  const fitting = [...parts.values()].filter((part) =>
    (part.fragment ?? '').toLowerCase().includes(fragment.toLowerCase()),
  )
  if (fitting.length === 0) {
    const allowed = [...parts.values()].map((part) => part.fragment ?? '')
    throw new SiibraError('INVALID_PARAMETER', `Fragment '${fragment}' is not one of ${allowed.join(', ')}`, {
      parameter: 'fragment',
      allowed,
    })
  }
  const meshes = fitting.map(async ({ map, labels, ...part }) => {
    const surface = await fetchLabelledSurface(core, map, { fragment: part.fragment ?? undefined, variant, signal })
    return trianglesOf(surface, (vertex) => labels.has(surface.labels[vertex]!))
  })
  return mergeMeshes(await Promise.all(meshes))
}
