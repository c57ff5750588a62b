import type { Image, VoxelArray, VoxelType } from '../siibra/index.ts'

/** A regular grid of cubic voxels, axes along x, y, z. */
export interface Grid {
  shape: readonly [number, number, number]
  voxelMm: number
  /** Centre of voxel (0, 0, 0). */
  originMm: readonly [number, number, number]
}

/** The mean template's: centred on the origin, with a rim of two voxels around the ellipsoid. */
export const MEAN_GRID: Grid = { shape: [24, 28, 24], voxelMm: 6, originMm: [-69, -81, -69] }

/** The "microscopic" template's; microscopic for a demo. */
export const MICROSCOPIC_GRID: Grid = { shape: [33, 39, 30], voxelMm: 4, originMm: [-64, -76, -58] }

/** The rodent's: a smaller ellipsoid. */
export const BURROW_GRID: Grid = { shape: [16, 24, 14], voxelMm: 0.8, originMm: [-6, -9.2, -5.2] }

const ARRAYS = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array } as const

/** Evaluates a function of world coordinates (mm) at every voxel centre; x fastest. */
export function sampleImage(
  grid: Grid,
  dtype: keyof typeof ARRAYS & VoxelType,
  valueAt: (x: number, y: number, z: number) => number,
): Image {
  const [nx, ny, nz] = grid.shape
  const data: VoxelArray = new ARRAYS[dtype](nx * ny * nz)
  let index = 0
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        data[index++] = valueAt(
          grid.originMm[0] + i * grid.voxelMm,
          grid.originMm[1] + j * grid.voxelMm,
          grid.originMm[2] + k * grid.voxelMm,
        )
      }
    }
  }
  return { data, dtype, shape: [nx, ny, nz], voxelToWorldMm: voxelToWorldMm(grid) }
}

function voxelToWorldMm({ voxelMm: s, originMm: [x, y, z] }: Grid): Float64Array {
  return Float64Array.of(s, 0, 0, x, 0, s, 0, y, 0, 0, s, z, 0, 0, 0, 1)
}
