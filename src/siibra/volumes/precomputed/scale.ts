/** Scales of a precomputed volume: where their voxels lie, and which of them is read. */
import { multiplyAffines, scalingAffine, translationAffine } from '../affine.ts'
import type { Affine } from '../image.ts'
import { type Level, type LevelChoice, selectLevel } from '../pyramids/pyramid.ts'
import { itemBytesOf } from '../typed-bytes.ts'
import type { PrecomputedInfo, PrecomputedScale } from './info.ts'

/** Where the voxels of a volume lie. */
export interface Placement {
  /** What `transform.json` holds: the volume's nm to nm of the space; the identity where there is none. */
  transformNm: Affine
  /**
   * Where the centre of voxel 0 lies, in voxels: at 0 where there is a `transform.json`, since siibra takes what it gives for centres; at a half
   * where there is none, since the format counts from the corner.
   */
  centreVox: number
}

/** The centre of voxel (x, y, z) to mm. */
export function scaleVoxelToWorldMm(scale: PrecomputedScale, placement: Placement): Affine {
  const { centreVox } = placement
  const corners = scaleCornerToWorldMm(scale, placement)
  return centreVox === 0 ? corners : multiplyAffines(corners, translationAffine([centreVox, centreVox, centreVox]))
}

/** A position in voxels, counted from the lower corner of voxel 0, to mm; with a `transform.json` the same as for centres, as siibra has it. */
export function scaleCornerToWorldMm(scale: PrecomputedScale, { transformNm }: Placement): Affine {
  const affine = multiplyAffines(transformNm, scalingAffine(scale.resolutionNm))
  return affine.map((value, index) => (index < 12 ? value / 1e6 : value))
}

/** The scales with where their voxels lie, from the finest to the coarsest. */
export function levelsOf(volume: Placement & { info: PrecomputedInfo }): PrecomputedLevel[] {
  return volume.info.scales.map((scale) => {
    const [x, y, z] = scale.resolutionNm
    return {
      scale,
      sizeVox: scale.sizeVox,
      offsetVox: scale.offsetVox,
      voxelSizeMm: [x / 1e6, y / 1e6, z / 1e6],
      voxelToWorldMm: scaleVoxelToWorldMm(scale, volume),
      cornerToWorldMm: scaleCornerToWorldMm(scale, volume),
    }
  })
}

export interface PrecomputedLevel extends Level {
  scale: PrecomputedScale
}

/** The scale that siibra would take (`selectLevel`). */
export function selectScale(
  volume: Placement & { url: string; info: PrecomputedInfo },
  choice: LevelChoice = {},
): PrecomputedScale {
  const { url, info } = volume
  return selectLevel({ url, itemBytes: itemBytesOf(info.dataType), levels: levelsOf(volume) }, choice).scale
}
