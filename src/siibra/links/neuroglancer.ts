/** States of neuroglancer that show a region: templates, maps, what is selected, and where. Lengths are nm, as in precomputed volumes. */
import { subtree } from '../core/tree.ts'
import type { MapIndex, ParcellationMap, ProviderUrl, Region, Space, Volume } from '../core/types.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { affineToRows, type Triple } from '../volumes/affine.ts'
import type { Affine } from '../volumes/image.ts'
import { findTransformNm, precomputedBase } from '../volumes/precomputed/volume.ts'

export const NEUROGLANCER_URL = 'https://neuroglancer-demo.appspot.com/'

export interface NeuroglancerView {
  space: Space
  map: ParcellationMap | undefined
  region: Region
  /** Where the view is centred, mm; the origin of the space where it is left out. */
  centreMm?: Triple | undefined
}

export interface NeuroglancerState {
  dimensions: Readonly<Record<'x' | 'y' | 'z', readonly [1e-9, 'm']>>
  position: number[]
  layers: NeuroglancerLayer[]
  layout: '4panel'
  [more: string]: unknown
}

interface NeuroglancerLayer {
  type: 'image' | 'segmentation'
  name: string
  source: object
  [more: string]: unknown
}

const NM = { x: [1e-9, 'm'], y: [1e-9, 'm'], z: [1e-9, 'm'] } as const

/** The address at which neuroglancer shows a state. */
export const neuroglancerUrl = (state: NeuroglancerState, root: string = NEUROGLANCER_URL): string =>
  `${root}#!${encodeURIComponent(JSON.stringify(state))}`

/**
 * The state that shows a region in the template of a space and in a map: a layer for each of their volumes that neuroglancer reads (precomputed
 * ones, placed by their `transform.json`, and NIfTI files). Of a labelled map the labels of the region and its parts are selected; volumes
 * that draw nothing of it are there, but hidden.
 */
export async function loadNeuroglancerState(
  retrieval: Retrieval,
  { space, map, region, centreMm = [0, 0, 0] }: NeuroglancerView,
  signal?: AbortSignal,
): Promise<NeuroglancerState> {
  const layerOf = async (volume: Volume, fragment: string | null, layer: Omit<NeuroglancerLayer, 'source'>) => {
    const source = await sourceOf(retrieval, volume, fragment, signal)
    return source ? [{ ...layer, source } as NeuroglancerLayer] : []
  }
  const templates = space.volumes
    .slice(0, 1)
    .map((volume) => layerOf(volume, null, { type: 'image', name: space.name }))
  const maps = map
    ? placesOf(map, region).map(({ volume, fragment, ...layer }) => layerOf(volume, fragment, layer))
    : []
  const layers = (await Promise.all([...templates, ...maps])).flat()
  const selected = layers.find(({ segments }) => Array.isArray(segments) && segments.length > 0)
  return {
    dimensions: NM,
    position: centreMm.map((value) => value * 1e6),
    crossSectionScale: 350_000,
    projectionScale: 200_000_000,
    layers,
    layout: '4panel',
    ...(selected ? { selectedLayer: { layer: selected.name, visible: true } } : {}),
  }
}

/** A layer for each image of a map: of a labelled one all, of a statistical one those of the region. */
function placesOf(map: ParcellationMap, region: Region) {
  const wanted = new Map(subtree(region).map((part) => [part.name, part]))
  const images = new Map<string, { index: MapIndex; labels: Map<number, string | null>; isWanted: boolean }>()
  for (const [name, indices] of map.indices) {
    for (const index of indices) {
      const key = JSON.stringify([index.volume, index.fragment])
      const image = images.get(key) ?? { index, labels: new Map<number, string | null>(), isWanted: false }
      images.set(key, image)
      const part = wanted.get(name)
      if (!part) continue
      image.isWanted = true
      if (index.label !== null) image.labels.set(index.label, part.rgb)
    }
  }
  const isLabelled = map.mapType === 'LABELLED'
  return [...images.values()]
    .filter(({ isWanted }) => isLabelled || isWanted)
    .flatMap((image) => {
      const volume = map.volumes[image.index.volume]
      return volume ? [{ ...image, source: volume }] : []
    })
    .map(({ source, index: { volume, fragment }, labels, isWanted }) => ({
      volume: source,
      fragment,
      type: isLabelled ? ('segmentation' as const) : ('image' as const),
      name: [map.name, ...(map.volumes.length > 1 ? [`volume ${volume}`] : []), ...(fragment ? [fragment] : [])].join(
        ', ',
      ),
      ...(isLabelled
        ? {
            segments: [...labels.keys()].map(String),
            segmentColors: Object.fromEntries([...labels].flatMap(([label, rgb]) => (rgb ? [[label, rgb]] : []))),
            visible: isWanted,
          }
        : {}),
    }))
}

/** What neuroglancer reads a volume from; undefined where it has no form that it reads. */
async function sourceOf(
  { store }: Retrieval,
  { providers, z }: Volume,
  fragment: string | null,
  signal: AbortSignal | undefined,
): Promise<object | undefined> {
  const precomputed = urlOf(providers['neuroglancer/precomputed'], fragment)
  if (precomputed) {
    const base = precomputedBase(precomputed)
    const transform = await findTransformNm(store, base, { signal })
    return { url: `precomputed://${base}`, ...(transform ? { transform: transformOf(transform) } : {}) }
  }
  // part of a 4D volume cannot be told by its address
  const nifti = z === null ? urlOf(providers.nii, fragment) : undefined
  return nifti ? { url: `nifti://${nifti}` } : undefined
}

const transformOf = (transformNm: Affine) => ({
  matrix: affineToRows(transformNm).slice(0, 3),
  inputDimensions: NM,
  outputDimensions: NM,
})

/** The URL of a fragment; without one the only one there is. */
function urlOf(url: ProviderUrl | undefined, fragment: string | null): string | undefined {
  if (url === undefined || typeof url === 'string') return url
  return fragment === null ? Object.values(url)[0] : url[fragment]
}
