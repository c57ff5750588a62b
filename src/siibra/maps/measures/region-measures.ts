import type { Parcellation, Region, Space } from '../../core/types.ts'
import { createByteBoundedCache } from '../../retrieval/cache/byte-bounded-cache.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import { createSlices, runInSlices, type Slices } from '../../slices.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { type Grid, voxelVolumeMm3 } from '../grids/grid.ts'
import type { Runs } from '../labels/components.ts'
import { defaultExtent } from '../labels/extent.ts'
import { findRegionMask, type RegionMaskOptions } from '../labels/region-mask.ts'
import { measureMask } from '../labels/spatial-props.ts'
import { findOwnedRuns } from './owned-runs.ts'
import { measureTree } from './tree-measures.ts'
import { createVoxelBounds, type RegionMeasures } from './voxel-bounds.ts'

const CACHE_BYTES = 16 * 1024 ** 2
/** About what the measures of a region take. */
const REGION_BYTES = 512

/**
 * The measures of all regions of a parcellation that have voxels in a space, in the order of the tree. Regions contain their parts (`extent`).
 * Each image is read once; it is kept, so that a second table visits no voxel. The time goes with the voxels, not with the number of regions
 * and the depth of the tree, unless voxels belong to several regions of which none holds the other, or images have different grids.
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
    const owned = await findOwnedRuns(core, parcellation, space, { extent, signal: shared })
    if (owned) {
      const all = await measureTree(parcellation.regions, owned.runs, owned.grid, slices)
      return new Map([...all].filter(([region]) => owned.measured.has(region)))
    }
    const measures = new Map<Region, RegionMeasures>()
    for (const region of parcellation.regions) {
      await slices.pause()
      const mask = await findRegionMask(core, region, space, { extent, signal: shared })
      if (mask && mask.runs.startVox.length > 0) measures.set(region, await measureRuns(mask.runs, mask, slices))
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
export async function measureRuns(runs: Runs, grid: Grid, slices: Slices): Promise<RegionMeasures> {
  const components = await runInSlices(measureMask(runs, grid.shape, grid.voxelToWorldMm), slices)
  const voxels = runs.lengthVox.reduce((sum, length) => sum + length, 0)
  const bounds = createVoxelBounds(grid)
  for (let run = 0; run < runs.startVox.length; run++) bounds.see(runs.startVox[run]!, runs.lengthVox[run]!)
  return {
    voxels,
    volumeMm3: voxels * voxelVolumeMm3(grid.voxelToWorldMm),
    components: components.length,
    centroidMm: components[0]?.centroidMm ?? [Number.NaN, Number.NaN, Number.NaN],
    ...bounds.take(),
  }
}
