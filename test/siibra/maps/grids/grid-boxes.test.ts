import { expect, test } from 'vitest'
import { boxOfGrid, doGridsMeet } from '../../../../src/siibra/maps/grids/grid-boxes.ts'

/** A grid of voxels of 1 mm that covers 0 to 4, 0 to 3 and 0 to 2 mm, moved, and turned about the third axis. */
function gridAt([x, y, z]: readonly [number, number, number], degrees = 0) {
  const [cos, sin] = [Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)]
  const affine = Float64Array.of(cos, -sin, 0, x + 0.5, sin, cos, 0, y + 0.5, 0, 0, 1, z + 0.5, 0, 0, 0, 1)
  return { shape: [4, 3, 2], voxelToWorldMm: affine }
}

test('the box of a grid goes up to the faces of its voxels', () => {
  expect(boxOfGrid(gridAt([0, 0, 0]))).toEqual({ minMm: [0, 0, 0], maxMm: [4, 3, 2] })
  const mirrored = Float64Array.of(-2, 0, 0, 10, 0, 0, 3, 20, 0, 4, 0, 30, 0, 0, 0, 1)
  expect(boxOfGrid({ shape: [4, 3, 2], voxelToWorldMm: mirrored })).toEqual({
    minMm: [3, 18.5, 28],
    maxMm: [11, 24.5, 40],
  })
})

test.each<{ at: [number, number, number]; degrees?: number; meets: boolean }>([
  { at: [0, 0, 0], meets: true },
  { at: [3.75, 2.75, 1.75], meets: true },
  { at: [-3.75, -2.75, -1.75], meets: true },
  { at: [4, 0, 0], meets: false },
  { at: [-4, 0, 0], meets: false },
  { at: [0, 3, 0], meets: false },
  { at: [0, -3, 0], meets: false },
  { at: [0, 0, 2], meets: false },
  { at: [0, 0, -2], meets: false },
  // their boxes along the axes of the first meet, and only an axis of the other keeps them apart
  { at: [5.5, 2, 0], degrees: 45, meets: false },
  { at: [-2.5, -3.5, 0], degrees: 45, meets: false },
  { at: [4.5, 2, 0], degrees: 45, meets: true },
])(
  'grids meet where they have a place in common, which a face alone is not: $at, $degrees degrees',
  ({ at, degrees, meets }) => {
    const [first, other] = [gridAt([0, 0, 0]), gridAt(at, degrees)]
    expect([doGridsMeet(first, other), doGridsMeet(other, first)]).toEqual([meets, meets])
  },
)
