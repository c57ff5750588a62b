import { expect, test } from 'vitest'
import { findRuns } from '../../../../src/siibra/maps/labels/components.ts'
import { centreOfMask } from '../../../../src/siibra/maps/labels/mask-centre.ts'
import { runSteps } from '../../../../src/siibra/slices.ts'

type Vox3 = [number, number, number]
const SHAPE: Vox3 = [12, 9, 8]
/** Voxels of 1 mm, of which the first lies at 100, 200, 300. */
const AT_MM = [100, 200, 300]
const voxelToWorldMm = Float64Array.of(1, 0, 0, 100, 0, 1, 0, 200, 0, 0, 1, 300, 0, 0, 0, 1)

/** The voxel of the centre of a mask of these voxels. */
function centreOf(voxels: readonly Vox3[]): number[] | undefined {
  const data = new Uint8Array(SHAPE.reduce((product, size) => product * size, 1))
  for (const [i, j, k] of voxels) data[(k * SHAPE[1] + j) * SHAPE[0] + i] = 1
  const runs = findRuns(data, SHAPE, (value) => value > 0)
  return runSteps(centreOfMask({ runs, shape: SHAPE, voxelToWorldMm }))?.map((mm, axis) => mm - AT_MM[axis]!)
}

/** Two bars of five voxels, joined at one end by three: its centroid (1.54, 2 from its corner) lies in the gap, nearest to the spine. */
const BENT = [0, 1, 2, 3, 4]
  .flatMap((a) => [
    [a, 0],
    [a, 4],
  ])
  .concat([
    [0, 1],
    [0, 2],
    [0, 3],
  ]) as [number, number][]

test.each<{ name: string; place: (a: number, b: number) => Vox3; open?: boolean }>([
  { name: 'along i and j', place: (a, b) => [a + 2, b + 1, 3] },
  { name: 'along j and i', place: (a, b) => [b + 2, a + 1, 3] },
  { name: 'along i and k', place: (a, b) => [a + 2, 3, b + 1] },
  { name: 'along k and j', place: (a, b) => [3, b + 2, a + 1] },
  { name: 'along i from the other side', place: (a, b) => [9 - a, b + 1, 3] },
  { name: 'along k from the other side', place: (a, b) => [3, b + 2, 7 - a] },
])('the centre of a bent region lies in it, nearest to its centroid: $name', ({ place }) => {
  expect(centreOf(BENT.map(([a, b]) => place(a, b)))).toEqual(place(0, 2))
})

test('it is of the largest component, of equal ones the first', () => {
  const bar = (from: Vox3, length: number) => Array.from({ length }, (_, n): Vox3 => [from[0] + n, from[1], from[2]])
  expect(centreOf(bar([2, 1, 1], 5))).toEqual([4, 1, 1])
  expect(centreOf([...bar([1, 1, 1], 2), ...bar([5, 3, 2], 3)])).toEqual([6, 3, 2])
  expect(centreOf([...bar([5, 3, 2], 3), ...bar([1, 6, 5], 3)])).toEqual([2, 6, 5])
  // two rows of one component that are as near
  expect(centreOf([...bar([1, 1, 1], 3), ...bar([1, 2, 1], 3)])).toEqual([2, 1, 1])
  expect(centreOf([])).toBeUndefined()
})
