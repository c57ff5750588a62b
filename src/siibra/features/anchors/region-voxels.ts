/** Which points and boxes lie in a region, by the voxels of its mask. */

import type { AtlasCore } from '../../atlas/atlas-core.ts'
import { isMappedIn } from '../../core/supported-spaces.ts'
import type { Region, Space } from '../../core/types.ts'
import { providesImage } from '../../core/volume.ts'
import { nearestVoxel } from '../../maps/grids/grid.ts'
import type { Runs } from '../../maps/labels/components.ts'
import { firstRunAfter } from '../../maps/labels/label-runs.ts'
import { findRegionMask } from '../../maps/labels/region-mask.ts'
import { invertAffine } from '../../volumes/affine.ts'
import type { Affine } from '../../volumes/image.ts'
import type { PointMm } from '../location.ts'

export interface RegionVoxels {
  /** Rows of voxels inside, first axis fastest. */
  runs: Runs
  shape: readonly [number, number, number]
  voxelToWorldMm: Affine
  worldToVoxel: Affine
}

/** The mask of a region; `undefined` where no labelled map with voxels draws it in that space. */
export async function loadRegionVoxels(
  core: AtlasCore,
  region: Region,
  space: Space,
  signal?: AbortSignal,
): Promise<RegionVoxels | undefined> {
  const mask = await findRegionMask(core, region, space, { signal })
  if (!mask) return undefined
  const { runs, shape, voxelToWorldMm } = mask
  const [nx = 1, ny = 1, nz = 1] = shape
  return { runs, shape: [nx, ny, nz], voxelToWorldMm, worldToVoxel: invertAffine(voxelToWorldMm) }
}

/** Whether the voxel at these (whole) coordinates is there and inside. */
export function isVoxelInside({ runs, shape }: RegionVoxels, i: number, j: number, k: number): boolean {
  const [nx, ny, nz] = shape
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return false
  const at = i + nx * (j + ny * k)
  const start = runs.startVox[firstRunAfter(runs, at)]
  return start !== undefined && start <= at
}

/** Whether a point lies in the mask, by the nearest voxel. */
export function isPointInside(voxels: RegionVoxels, pointMm: PointMm): boolean {
  return isVoxelInside(voxels, ...nearestVoxel(voxels.worldToVoxel, pointMm))
}

/** The first space with voxels in which the region, or all of its parts, are drawn; a preferred one first. */
export function findImageSpace(core: AtlasCore, region: Region, preferredId?: string): Space | undefined {
  const preferred = preferredId === undefined ? undefined : core.spaces.byId(preferredId)
  if (preferred && isMappedIn(core, region, preferred)) return preferred
  return core.spaces.all.find((space) => space.volumes.some(providesImage) && isMappedIn(core, region, space))
}
