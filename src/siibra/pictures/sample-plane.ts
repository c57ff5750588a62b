import type { Grid } from '../maps/grids/grid.ts'
import { applyAffine, invertAffine, type Triple } from '../volumes/affine.ts'
import type { VoxelArray } from '../volumes/image.ts'
import { type PlaneView, pixelToWorldMm } from './plane.ts'

/** Where the pixels of a view lie in the voxels of a grid: the voxel of the first pixel, and steps to the right and downwards. */
interface Steps {
  origin: Triple
  right: Triple
  down: Triple
}

function stepsThrough(view: PlaneView, { voxelToWorldMm }: Grid): Steps {
  const inverse = invertAffine(voxelToWorldMm)
  const toVoxel = (column: number, row: number) => applyAffine(inverse, pixelToWorldMm(view, column, row))
  const origin = toVoxel(0, 0)
  const difference = ([x, y, z]: Triple): Triple => [x - origin[0], y - origin[1], z - origin[2]]
  return { origin, right: difference(toVoxel(1, 0)), down: difference(toVoxel(0, 1)) }
}

const rowStart = (origin: Triple, down: Triple, row: number): Triple => [
  origin[0] + row * down[0],
  origin[1] + row * down[1],
  origin[2] + row * down[2],
]

/** Larger pictures have arrays of their own. */
const MOST_KEPT_PIXELS = 2 ** 20
const kept = new Map<string, Float32Array | Float64Array>()

/** An array of which what was there before is lost: a picture needs nine of 1 to 2 MB, and collecting them took a quarter of its time. */
function scratch<T extends Float32Array | Float64Array>(name: string, type: new (size: number) => T, size: number): T {
  if (size > MOST_KEPT_PIXELS) return new type(size)
  let array = kept.get(name) as T | undefined
  if (!array || array.length < size) {
    array = new type(size)
    kept.set(name, array)
  }
  return array.subarray(0, size) as T
}

/** Values of an image at the pixels of a view, trilinear; NaN beyond its outermost voxels. Row by row from the upper left. Good until the next call. */
export function sampleValues(view: PlaneView, grid: Grid, data: VoxelArray): Float32Array {
  const { origin, right, down } = stepsThrough(view, grid)
  const [nx, ny, nz] = [grid.shape[0]!, grid.shape[1]!, grid.shape[2]!]
  const [di, dj, dk] = [nx > 1 ? 1 : 0, ny > 1 ? nx : 0, nz > 1 ? nx * ny : 0]
  const values = scratch('values', Float32Array, view.widthPx * view.heightPx).fill(Number.NaN)
  // written out, without functions and tuples: it is done for every pixel (a third of the time)
  const [rx, ry, rz] = right
  for (let row = 0, at = 0; row < view.heightPx; row++) {
    const [x0, y0, z0] = rowStart(origin, down, row)
    for (let column = 0; column < view.widthPx; column++, at++) {
      const x = x0 + column * rx
      const y = y0 + column * ry
      const z = z0 + column * rz
      // half a voxel beyond the outermost centres their voxels still reach
      if (!(x >= -0.5 && y >= -0.5 && z >= -0.5 && x < nx - 0.5 && y < ny - 0.5 && z < nz - 0.5)) continue
      const i = lowerOf(x, nx)
      const j = lowerOf(y, ny)
      const k = lowerOf(z, nz)
      const fi = fractionAbove(i, x, nx)
      const fj = fractionAbove(j, y, ny)
      const fk = fractionAbove(k, z, nz)
      const corner = (k * ny + j) * nx + i
      const a = corner + dj
      const b = corner + dk
      const c = b + dj
      const lower =
        (data[corner]! * (1 - fi) + data[corner + di]! * fi) * (1 - fj) +
        (data[a]! * (1 - fi) + data[a + di]! * fi) * fj
      const upper =
        (data[b]! * (1 - fi) + data[b + di]! * fi) * (1 - fj) + (data[c]! * (1 - fi) + data[c + di]! * fi) * fj
      values[at] = lower * (1 - fk) + upper * fk
    }
  }
  return values
}

/** The sample below a position, such that there is one above it. */
const lowerOf = (position: number, length: number) =>
  position <= 0 ? 0 : Math.min(Math.floor(position), Math.max(length - 2, 0))

/** How far a position is from the sample below it; none beyond the outermost ones. */
const fractionAbove = (lower: number, position: number, length: number) =>
  position <= 0 ? 0 : Math.min(position, length - 1) - lower

/** What `lookUp` gives for the voxel that each pixel lies in; `outside` where it lies in none. Row by row from the upper left. Good until the next call. */
export function sampleNearest(view: PlaneView, grid: Grid, lookUp: (at: number) => number, outside = 0): Float64Array {
  const { origin, right, down } = stepsThrough(view, grid)
  const [nx, ny, nz] = [grid.shape[0]!, grid.shape[1]!, grid.shape[2]!]
  const values = scratch('nearest', Float64Array, view.widthPx * view.heightPx).fill(outside)
  const [di, dj, dk] = right
  for (let row = 0, at = 0; row < view.heightPx; row++) {
    const [i0, j0, k0] = rowStart(origin, down, row)
    for (let column = 0; column < view.widthPx; column++, at++) {
      const i = Math.floor(i0 + column * di + 0.5)
      const j = Math.floor(j0 + column * dj + 0.5)
      const k = Math.floor(k0 + column * dk + 0.5)
      if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz) values[at] = lookUp((k * ny + j) * nx + i)
    }
  }
  return values
}
