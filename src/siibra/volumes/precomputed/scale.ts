/** Scales of a precomputed volume: where their voxels lie, and which of them is read. */
import { SiibraError } from '../../errors.ts'
import { applyAffine, invertAffine, multiplyAffines, scalingAffine, type Triple, translationAffine } from '../affine.ts'
import type { Affine } from '../image.ts'
import { itemBytesOf } from '../typed-bytes.ts'
import type { PrecomputedInfo, PrecomputedScale } from './info.ts'

/** siibra's NEUROGLANCER_MAX_GIB of 0.2: how much one fetch may take before a coarser scale is chosen. */
export const defaultMaxFetchBytes = Math.floor(0.2 * 1024 ** 3)

/** Voxels [min, max) of a scale along x, y, z; counted from the scale's coordinate 0, which `offsetVox` need not be. */
export interface VoxelBox {
  min: Triple
  max: Triple
}

/** A box in the space, with faces along its axes, in mm. */
export interface BoxMm {
  min: Triple
  max: Triple
}

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

/** All voxels of the scale. */
export function wholeBoxOf({ offsetVox: [x, y, z], sizeVox }: PrecomputedScale): VoxelBox {
  return { min: [x, y, z], max: [x + sizeVox[0], y + sizeVox[1], z + sizeVox[2]] }
}

/** The smallest box of whole voxels around a box in mm, at least one voxel along each axis; it may lie outside of the volume. */
export function voxelBoxOf(scale: PrecomputedScale, placement: Placement, boxMm: BoxMm): VoxelBox {
  const worldMmToVoxel = invertAffine(scaleCornerToWorldMm(scale, placement))
  const sides = [boxMm.min, boxMm.max]
  const corners = Array.from({ length: 8 }, (_, corner) =>
    applyAffine(worldMmToVoxel, [sides[corner & 1]![0], sides[(corner >> 1) & 1]![1], sides[corner >> 2]![2]]),
  )
  const low = (axis: number) => Math.floor(Math.min(...corners.map((corner) => corner[axis]!)))
  const high = (axis: number) => Math.max(Math.ceil(Math.max(...corners.map((corner) => corner[axis]!))), low(axis) + 1)
  return { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] }
}

export interface ScaleChoice {
  /** The coarsest scale with voxels of at most this size along every axis; negative: the finest; undefined: the coarsest of all. */
  resolutionMm?: number | undefined
  /** Coarser scales are taken until the voxels (of one channel) fit; `defaultMaxFetchBytes` unless told otherwise. */
  maxBytes?: number
  /** What will be read; undefined: all of it. */
  boxMm?: BoxMm | undefined
}

/**
 * The scale that siibra would take; where none is fine enough, the finest. NOT_AVAILABLE where there is none, or where even the coarsest
 * exceeds `maxBytes`.
 */
export function selectScale(
  volume: Placement & { url: string; info: PrecomputedInfo },
  { resolutionMm, maxBytes = defaultMaxFetchBytes, boxMm }: ScaleChoice = {},
): PrecomputedScale {
  const { url, info } = volume
  const [finest] = info.scales
  const coarsest = info.scales.at(-1)
  if (!finest || !coarsest) throw new SiibraError('NOT_AVAILABLE', `${url} has no voxels, only meshes`, { url })
  const isFineEnough = (scale: PrecomputedScale, sizeMm: number) =>
    scale.resolutionNm.every((size) => size / 1e6 <= sizeMm)
  const choose = () => {
    if (resolutionMm === undefined) return coarsest
    if (resolutionMm < 0) return finest
    return info.scales.findLast((scale) => isFineEnough(scale, resolutionMm)) ?? finest
  }
  const bytesOf = (scale: PrecomputedScale) => {
    const { min, max } = boxMm ? voxelBoxOf(scale, volume, boxMm) : wholeBoxOf(scale)
    return itemBytesOf(info.dataType) * (max[0] - min[0]) * (max[1] - min[1]) * (max[2] - min[2])
  }
  const fitting = info.scales.slice(info.scales.indexOf(choose())).find((scale) => bytesOf(scale) <= maxBytes)
  if (fitting) return fitting
  const message = `${url}: even the coarsest scale takes ${bytesOf(coarsest)} bytes, the bound is ${maxBytes} bytes`
  throw new SiibraError('NOT_AVAILABLE', message, { url })
}
