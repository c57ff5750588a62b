/** What volumes at several resolutions have in common, whatever format they are in: levels, which of them is read, and boxes of voxels. */
import { SiibraError } from '../../errors.ts'
import type { ReadOptions } from '../../retrieval/stores/store.ts'
import { applyAffine, invertAffine, type Triple } from '../affine.ts'
import type { Affine, Image } from '../image.ts'

/** siibra's NEUROGLANCER_MAX_GIB of 0.2: how much one fetch may take before a coarser level is chosen. */
export const defaultMaxFetchBytes = Math.floor(0.2 * 1024 ** 3)

/** Voxels [min, max) of a level along x, y, z; counted from the level's coordinate 0, which `offsetVox` need not be. */
export interface VoxelBox {
  min: Triple
  max: Triple
}

/** A box in the space, with faces along its axes, in mm. */
export interface BoxMm {
  min: Triple
  max: Triple
}

export interface Level {
  /** Number of voxels along x, y, z. */
  sizeVox: Triple
  /** The first voxel: the level holds voxels [offset, offset + size). */
  offsetVox: Triple
  /** Sizes of a voxel along x, y, z. */
  voxelSizeMm: Triple
  /** The centre of voxel (x, y, z) to mm. */
  voxelToWorldMm: Affine
  /** A position in voxels, counted from the lower corner of voxel 0, to mm. */
  cornerToWorldMm: Affine
}

export interface Pyramid<L extends Level = Level> {
  url: string
  /** Of a voxel of one channel. */
  itemBytes: number
  /** From the finest to the coarsest; empty where there are only meshes. */
  levels: readonly L[]
  /** Whether a box that is read begins where it was asked to begin, though its first voxel begins a little before: siibra's images do. */
  beginsAtBox: boolean
  /** Voxels of a level; `voxelToWorldMm` of the image is where they lie. INVALID_PARAMETER where the box holds none. */
  read(level: L, box: VoxelBox, options: ReadOptions): Promise<Image>
}

/** All voxels of the level. */
export function wholeBoxOf({ offsetVox: [x, y, z], sizeVox }: Pick<Level, 'offsetVox' | 'sizeVox'>): VoxelBox {
  return { min: [x, y, z], max: [x + sizeVox[0], y + sizeVox[1], z + sizeVox[2]] }
}

/** The smallest box of whole voxels around a box in mm, at least one voxel along each axis; it may lie outside of the volume. */
export function voxelBoxOf(cornerToWorldMm: Affine, boxMm: BoxMm): VoxelBox {
  const worldMmToVoxel = invertAffine(cornerToWorldMm)
  const sides = [boxMm.min, boxMm.max]
  const corners = Array.from({ length: 8 }, (_, corner) =>
    applyAffine(worldMmToVoxel, [sides[corner & 1]![0], sides[(corner >> 1) & 1]![1], sides[corner >> 2]![2]]),
  )
  const low = (axis: number) => Math.floor(Math.min(...corners.map((corner) => corner[axis]!)))
  const high = (axis: number) => Math.max(Math.ceil(Math.max(...corners.map((corner) => corner[axis]!))), low(axis) + 1)
  return { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] }
}

/** What a level has of a box; INVALID_PARAMETER where that is nothing. */
export function clipBox(box: VoxelBox, level: Pick<Level, 'offsetVox' | 'sizeVox'>, url: string): VoxelBox {
  const whole = wholeBoxOf(level)
  const clip = (axis: number) =>
    [
      Math.max(whole.min[axis]!, Math.floor(box.min[axis]!)),
      Math.min(whole.max[axis]!, Math.ceil(box.max[axis]!)),
    ] as const
  const [x, y, z] = [clip(0), clip(1), clip(2)]
  if (![x, y, z].every(([low, high]) => low < high)) {
    const [asked, held] = [box, whole].map(({ min, max }) => `${min.join(', ')} to ${max.join(', ')}`)
    throw new SiibraError('INVALID_PARAMETER', `The box ${asked} (voxels) is outside of ${url}, which holds ${held}`)
  }
  return { min: [x[0], y[0], z[0]], max: [x[1], y[1], z[1]] }
}

export interface LevelChoice {
  /** The coarsest level with voxels of at most this size along every axis; negative: the finest; undefined: the coarsest of all. */
  resolutionMm?: number | undefined
  /** Coarser levels are taken until the voxels (of one channel) fit; `defaultMaxFetchBytes` unless told otherwise. */
  maxBytes?: number
  /** What will be read; undefined: all of it. */
  boxMm?: BoxMm | undefined
}

/**
 * The level that siibra would take; where none is fine enough, the finest. NOT_AVAILABLE where there is none, or where even the coarsest
 * exceeds `maxBytes`.
 */
export function selectLevel<L extends Level>(
  { url, itemBytes, levels }: Pick<Pyramid<L>, 'url' | 'itemBytes' | 'levels'>,
  { resolutionMm, maxBytes = defaultMaxFetchBytes, boxMm }: LevelChoice = {},
): L {
  const [finest] = levels
  if (!finest) throw new SiibraError('NOT_AVAILABLE', `${url} has no voxels, only meshes`, { url })
  const coarsest = levels.at(-1) ?? finest
  const choose = () => {
    if (resolutionMm === undefined) return coarsest
    return levels.findLast((level) => isFineEnough(level, resolutionMm)) ?? finest
  }
  const bytesOf = (level: L) => {
    const { min, max } = boxMm ? voxelBoxOf(level.cornerToWorldMm, boxMm) : wholeBoxOf(level)
    return itemBytes * (max[0] - min[0]) * (max[1] - min[1]) * (max[2] - min[2])
  }
  const fitting = levels.slice(levels.indexOf(choose())).find((level) => bytesOf(level) <= maxBytes)
  if (fitting) return fitting
  const message = `${url}: even the coarsest scale takes ${bytesOf(coarsest)} bytes, the bound is ${maxBytes} bytes`
  throw new SiibraError('NOT_AVAILABLE', message, { url })
}

/** Whether the voxels of a level are at most so large along every axis. */
export const isFineEnough = ({ voxelSizeMm }: Level, sizeMm: number): boolean =>
  voxelSizeMm.every((size) => size <= sizeMm)
