import type { Grid } from '../maps/grids/grid.ts'
import { invertAffine } from '../volumes/affine.ts'
import type { VoxelArray } from '../volumes/image.ts'
import { type PlaneView, pixelToWorldMm } from './plane.ts'

/** Where the pixels of a view lie in the voxels of a grid: the voxel of the first pixel, and steps to the right and downwards. */
interface Steps {
  origin: readonly number[]
  right: readonly number[]
  down: readonly number[]
}

function stepsThrough(view: PlaneView, { voxelToWorldMm }: Grid): Steps {
  const inverse = invertAffine(voxelToWorldMm)
  const toVoxel = (column: number, row: number) => {
    const [x, y, z] = pixelToWorldMm(view, column, row)
    return [0, 4, 8].map((at) => inverse[at]! * x + inverse[at + 1]! * y + inverse[at + 2]! * z + inverse[at + 3]!)
  }
  const origin = toVoxel(0, 0)
  const difference = (other: number[]) => other.map((value, axis) => value - origin[axis]!)
  return { origin, right: difference(toVoxel(1, 0)), down: difference(toVoxel(0, 1)) }
}

/** Values of an image at the pixels of a view, trilinear; NaN beyond its outermost voxels. Row by row from the upper left. */
export function sampleValues(view: PlaneView, grid: Grid, data: VoxelArray): Float32Array {
  const { origin, right, down } = stepsThrough(view, grid)
  const [nx, ny, nz] = [grid.shape[0]!, grid.shape[1]!, grid.shape[2]!]
  const values = new Float32Array(view.widthPx * view.heightPx).fill(Number.NaN)
  for (let row = 0, at = 0; row < view.heightPx; row++) {
    for (let column = 0; column < view.widthPx; column++, at++) {
      const x = origin[0]! + column * right[0]! + row * down[0]!
      const y = origin[1]! + column * right[1]! + row * down[1]!
      const z = origin[2]! + column * right[2]! + row * down[2]!
      // half a voxel beyond the outermost centres their voxels still reach
      if (!(x >= -0.5 && y >= -0.5 && z >= -0.5 && x < nx - 0.5 && y < ny - 0.5 && z < nz - 0.5)) continue
      const [i, fi] = lowerAndFraction(x, nx)
      const [j, fj] = lowerAndFraction(y, ny)
      const [k, fk] = lowerAndFraction(z, nz)
      const [di, dj, dk] = [nx > 1 ? 1 : 0, ny > 1 ? nx : 0, nz > 1 ? nx * ny : 0]
      const corner = (k * ny + j) * nx + i
      const along = (from: number) => data[from]! * (1 - fi) + data[from + di]! * fi
      const lower = along(corner) * (1 - fj) + along(corner + dj) * fj
      const upper = along(corner + dk) * (1 - fj) + along(corner + dj + dk) * fj
      values[at] = lower * (1 - fk) + upper * fk
    }
  }
  return values
}

/** The sample below a position, such that there is one above it, and how far the position is from it. */
function lowerAndFraction(position: number, length: number): [number, number] {
  const clamped = Math.min(Math.max(position, 0), length - 1)
  const lower = Math.min(Math.floor(clamped), Math.max(length - 2, 0))
  return [lower, clamped - lower]
}

/** What `lookUp` gives for the voxel that each pixel lies in; `outside` where it lies in none. Row by row from the upper left. */
export function sampleNearest(view: PlaneView, grid: Grid, lookUp: (at: number) => number, outside = 0): Float64Array {
  const { origin, right, down } = stepsThrough(view, grid)
  const [nx, ny, nz] = [grid.shape[0]!, grid.shape[1]!, grid.shape[2]!]
  const values = new Float64Array(view.widthPx * view.heightPx).fill(outside)
  for (let row = 0, at = 0; row < view.heightPx; row++) {
    for (let column = 0; column < view.widthPx; column++, at++) {
      const i = Math.floor(origin[0]! + column * right[0]! + row * down[0]! + 0.5)
      const j = Math.floor(origin[1]! + column * right[1]! + row * down[1]! + 0.5)
      const k = Math.floor(origin[2]! + column * right[2]! + row * down[2]! + 0.5)
      if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz) values[at] = lookUp((k * ny + j) * nx + i)
    }
  }
  return values
}
