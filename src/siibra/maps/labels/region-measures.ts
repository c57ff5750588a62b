import type { Parcellation, Region, Space } from '../../core/types.ts'
import { createByteBoundedCache } from '../../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import { createSlices } from '../../slices.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { type Grid, voxelVolumeMm3 } from '../grids/grid.ts'
import type { Runs } from './components.ts'
import { defaultExtent } from './extent.ts'
import { findRegionMask, type RegionMaskOptions } from './region-mask.ts'
import { measureMask } from './spatial-props.ts'

/** What can be told of the voxels of a region in a space. */
export interface RegionMeasures {
  voxels: number
  volumeMm3: number
  /** Connected components, by faces, edges and corners (26 neighbours). */
  components: number
  /** Of the largest component, mm, RAS: as `bestViewPoint`. */
  centroidMm: [number, number, number]
  /** First and last voxel along i, j, k, in the grid of the map. */
  lowVox: [number, number, number]
  highVox: [number, number, number]
  /** The grid that the voxels are counted in. */
  grid: Grid
}

const CACHE_BYTES = 16 * 1024 ** 2
/** About what the measures of a region take. */
const REGION_BYTES = 512

/**
 * The measures of all regions of a parcellation that have voxels in a space, in the order of the tree. Regions contain their parts (`extent`).
 * Each image is read once; it is kept, so that a second table visits no voxel.
 */
export function measureRegions(
  core: AtlasVolumes,
  parcellation: Parcellation,
  space: Space,
  { extent = defaultExtent(parcellation), signal }: RegionMaskOptions = {},
): Promise<ReadonlyMap<Region, RegionMeasures>> {
  const key = JSON.stringify([parcellation.id, parcellation.name, space.id, extent])
  const measure = async (shared: AbortSignal) => {
    const slices = createSlices(shared)
    const measures = new Map<Region, RegionMeasures>()
    for (const region of parcellation.regions) {
      await slices.pause()
      const mask = await findRegionMask(core, region, space, { extent, signal: shared })
      if (mask && mask.runs.startVox.length > 0) measures.set(region, measureRuns(mask.runs, mask))
    }
    return measures
  }
  return oncePer(core.maps, createMeasures).load(key, measure, signal)
}

function createMeasures(_: AtlasVolumes['maps']) {
  return createByteBoundedCache<Map<Region, RegionMeasures>>({
    maxBytes: CACHE_BYTES,
    sizeOf: ({ size }) => (size + 1) * REGION_BYTES,
  })
}

/** Of a mask that has at least one voxel. */
export function measureRuns(runs: Runs, { shape, voxelToWorldMm }: Grid): RegionMeasures {
  const components = measureMask(runs, shape, voxelToWorldMm)
  const voxels = runs.lengthVox.reduce((sum, length) => sum + length, 0)
  return {
    voxels,
    volumeMm3: voxels * voxelVolumeMm3(voxelToWorldMm),
    components: components.length,
    centroidMm: components[0]?.centroidMm ?? [Number.NaN, Number.NaN, Number.NaN],
    ...voxelBounds(runs, shape),
    grid: { shape, voxelToWorldMm },
  }
}

function voxelBounds({ startVox, lengthVox }: Runs, shape: readonly number[]) {
  const [nx = 1, ny = 1] = shape
  const lowVox: [number, number, number] = [Infinity, Infinity, Infinity]
  const highVox: [number, number, number] = [-1, -1, -1]
  for (let run = 0; run < startVox.length; run++) {
    const row = Math.floor(startVox[run]! / nx)
    const [i, j, k] = [startVox[run]! - row * nx, row % ny, Math.floor(row / ny)]
    lowVox[0] = Math.min(lowVox[0], i)
    highVox[0] = Math.max(highVox[0], i + lengthVox[run]! - 1)
    lowVox[1] = Math.min(lowVox[1], j)
    highVox[1] = Math.max(highVox[1], j)
    lowVox[2] = Math.min(lowVox[2], k)
    highVox[2] = Math.max(highVox[2], k)
  }
  return { lowVox, highVox }
}
