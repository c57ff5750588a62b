import type { RegionOverlap } from '../../siibra/index.ts'
import { type Table, tableOf } from '../../tables/table.ts'

/** Pairs of regions that share voxels, with what part of each that is. */
export function overlapTable(overlaps: readonly RegionOverlap[]): Table {
  const rows = overlaps.map(({ region, otherRegion, voxels, volumeMm3, sizeVox, otherSizeVox }) => ({
    region: region.name,
    other_region: otherRegion.name,
    voxels,
    volume_mm3: volumeMm3,
    share_of_region: voxels / sizeVox,
    share_of_other: voxels / otherSizeVox,
    dice: (2 * voxels) / (sizeVox + otherSizeVox),
    jaccard: voxels / (sizeVox + otherSizeVox - voxels),
  }))
  return tableOf('overlap', rows, {
    region: 'text',
    other_region: 'text',
    voxels: 'integer',
    volume_mm3: 'number',
    share_of_region: 'number',
    share_of_other: 'number',
    dice: 'number',
    jaccard: 'number',
  })
}
