import { describe, expect, it } from 'vitest'
import type { BoxMm } from '../../../src/siibra/maps/grids/grid-boxes.ts'
import { PLANES, type PlaneView, pixelToWorldMm, viewPlane } from '../../../src/siibra/pictures/plane.ts'
import { sampleNearest, sampleValues } from '../../../src/siibra/pictures/sample-plane.ts'
import { applyAffine, identityAffine, invertAffine } from '../../../src/siibra/volumes/affine.ts'

type Voxel = readonly [number, number, number]

/** What `of` gives for the place of each pixel in the voxels of a grid. */
function expectedOf(view: PlaneView, voxelToWorldMm: Float64Array, of: (voxel: Voxel) => number): number[] {
  const inverse = invertAffine(voxelToWorldMm)
  return Array.from({ length: view.widthPx * view.heightPx }, (_, at) =>
    of(applyAffine(inverse, pixelToWorldMm(view, at % view.widthPx, Math.floor(at / view.widthPx)))),
  )
}

/** A grid and values of which trilinear interpolation gives exactly (i + 1) (j + 2) (k + 3), up to its outermost centres. */
function product(shape: Voxel, voxelToWorldMm: Float64Array) {
  const [nx, ny, nz] = shape
  const data = new Float32Array(nx * ny * nz)
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) data[i + nx * j + nx * ny * k] = (i + 1) * (j + 2) * (k + 3)
  const isIn = (voxel: Voxel) => voxel.every((at, axis) => at >= -0.5 && at < shape[axis]! - 0.5)
  const valueAt = (voxel: Voxel) => {
    const [i, j, k] = voxel.map((at, axis) => Math.min(Math.max(at, 0), shape[axis]! - 1)) as [number, number, number]
    return isIn(voxel) ? (i + 1) * (j + 2) * (k + 3) : Number.NaN
  }
  const indexAt = ([i, j, k]: Voxel) =>
    isIn([i, j, k]) ? Math.round(i) + nx * Math.round(j) + nx * ny * Math.round(k) : -1
  return { grid: { shape, voxelToWorldMm }, data, valueAt, indexAt }
}

const oblique = Float64Array.of(1.5, -0.4, 0.3, -3, 0.5, 1.2, -0.2, -2, -0.3, 0.25, 1.1, -1, 0, 0, 0, 1)
const box: BoxMm = { minMm: [-5, -5, -5], maxMm: [7, 6, 8] }
const quarterBefore: BoxMm = { ...box, minMm: [-5.25, -5.25, -5.25] }

describe.each(PLANES)('%s planes', (plane) => {
  it.each([
    ['a grid whose axes lie obliquely', [4, 5, 6], oblique, 0.5, 1.1],
    ['a grid of one voxel along an axis', [1, 5, 3], oblique, 0.5, 0.2],
    ['a grid of one voxel along another', [4, 1, 3], oblique, 0.5, -0.9],
    ['a grid of one voxel along the third', [4, 5, 1], oblique, 0.7, -0.4],
    // pixels lie at whole and at half places: just within, and just outside
    ['pixels at the edges of voxels', [2, 3, 4], identityAffine(), 0.5, 0.5],
    ['a plane at the first edge', [2, 3, 4], identityAffine(), 0.5, -0.5],
    ['a plane at the last edge of some', [2, 2, 2], identityAffine(), 0.5, 1.5],
  ] as const)('through %s', (_, shape, affine, mmPerPx, atMm) => {
    const { grid, data, valueAt, indexAt } = product(shape, affine)
    const view = viewPlane(plane, atMm, quarterBefore, mmPerPx)
    const values = sampleValues(view, grid, data)
    for (const [at, value] of expectedOf(view, affine, valueAt).entries()) {
      if (Number.isNaN(value)) expect(values[at]).toBeNaN()
      else expect(values[at]).toBeCloseTo(value, 3)
    }
    const nearest = sampleNearest(view, grid, (at) => at, -1)
    expect([...nearest].map(Math.abs)).toEqual(expectedOf(view, affine, indexAt).map(Math.abs))
  })
})

it('a picture that is larger than the one before is whole', () => {
  const { grid, data } = product([4, 5, 6], oblique)
  for (const mmPerPx of [2, 0.1, 1]) {
    const view = viewPlane('axial', 0, box, mmPerPx)
    const pixels = view.widthPx * view.heightPx
    expect(sampleValues(view, grid, data)).toHaveLength(pixels)
    expect(sampleNearest(view, grid, () => 1)).toHaveLength(pixels)
  }
})
