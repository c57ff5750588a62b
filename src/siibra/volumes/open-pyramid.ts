import type { Volume } from '../core/types.ts'
import { PYRAMID_FORMATS, type PyramidFormat } from '../core/volume-formats.ts'
import type { ReadOptions, Store } from '../retrieval/stores/store.ts'
import { openOmeZarr } from './ome-zarr/volume.ts'
import { openPrecomputed, pyramidOf } from './precomputed/volume.ts'
import type { Pyramid } from './pyramids/pyramid.ts'

const OPENERS: Record<PyramidFormat, (store: Store, url: string, options?: ReadOptions) => Promise<Pyramid>> = {
  'neuroglancer/precomputed': async (store, url, options) => pyramidOf(await openPrecomputed(store, url, options)),
  'ome-zarr': openOmeZarr as never,
  zarr: openOmeZarr as never,
}

export interface PyramidSource {
  format: PyramidFormat
  url: string
}

/** Opens a volume at several resolutions; NOT_FOUND where there is none at its address. */
export const openPyramid = (
  store: Store,
  { format, url }: PyramidSource,
  options: ReadOptions = {},
): Promise<Pyramid> => OPENERS[format](store, url, options)

/** Where a volume can be had as one pyramid; undefined where it has none, or only in fragments. */
export function pyramidSourceOf({ providers }: Volume): PyramidSource | undefined {
  for (const format of PYRAMID_FORMATS) {
    const url = providers[format]
    if (typeof url === 'string') return { format, url }
  }
  return undefined
}
