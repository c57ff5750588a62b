import { expect, test } from 'vitest'
import { readLevelBox, voxelsOfBox, wholeBoxMm } from '../../../../src/siibra/maps/templates/template-cutout.ts'
import type { Pyramid, VoxelBox } from '../../../../src/siibra/volumes/pyramids/pyramid.ts'

/** A level of voxels of 2 mm, of which the first that is there begins at 2, 4 and 6 mm. */
const level = {
  sizeVox: [10, 10, 10],
  offsetVox: [1, 2, 3],
  voxelSizeMm: [2, 2, 2],
  voxelToWorldMm: Float64Array.of(2, 0, 0, 1, 0, 2, 0, 1, 0, 0, 2, 1, 0, 0, 0, 1),
  cornerToWorldMm: Float64Array.of(2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1),
} as const

function pyramid(beginsAtBox: boolean) {
  const asked: VoxelBox[] = []
  const read = async (_: unknown, box: VoxelBox) => {
    asked.push(box)
    return { data: new Uint8Array(1), dtype: 'uint8', shape: [1, 1, 1], voxelToWorldMm: level.voxelToWorldMm }
  }
  // what is not asked for is left out
  return Object.assign({ beginsAtBox, read, levels: [level] } as unknown as Pyramid, { asked })
}
const box = (min: [number, number, number], max: [number, number, number]) => ({ minMm: min, maxMm: max })

test('all of a level', () => {
  expect(wholeBoxMm(level as never)).toEqual(box([2, 4, 6], [22, 24, 26]))
})

test.each([
  { name: 'whole voxels', asked: box([4, 6, 8], [8, 8, 14]), min: [2, 3, 4], max: [4, 4, 7] },
  { name: 'at least one', asked: box([4, 6, 8], [4.5, 7, 9]), min: [2, 3, 4], max: [3, 4, 5] },
  { name: 'parts are cut off', asked: box([5, 7, 9.9], [9.9, 8, 13.8]), min: [2, 3, 4], max: [4, 4, 5] },
  { name: 'beside the voxels', asked: box([-5, -2, 0], [-1, 2, 3]), min: [-3, -1, 0], max: [-1, 1, 1] },
])('a box of voxels begins in that of its lower corner, and is as long as the box: $name', ({ asked, min, max }) => {
  for (const beginsAtBox of [true, false])
    expect(voxelsOfBox(pyramid(beginsAtBox), level as never, asked)).toMatchObject({ min, max })
})

test('what rounding took costs no voxel, unless boxes begin where they are asked to', () => {
  const asked = box([3.9999998, 6, 8], [8, 9.9999998, 14])
  expect(voxelsOfBox(pyramid(false), level as never, asked)).toMatchObject({ min: [2, 3, 4], max: [4, 5, 7] })
  expect(voxelsOfBox(pyramid(true), level as never, asked)).toMatchObject({ min: [1, 3, 4], max: [3, 4, 7] })
  // that is more than rounding
  const shorter = box([3.99999, 6, 8], [7.9, 9.99999, 14])
  expect(voxelsOfBox(pyramid(false), level as never, shorter)).toMatchObject({ min: [1, 3, 4], max: [2, 4, 7] })
})

test('an image begins where its box does, or where the volume does', async () => {
  const asked = box([2.5, 2, 8], [9, 8, 14])
  const beginning = pyramid(true)
  const originOf = ({ voxelToWorldMm }: { voxelToWorldMm: Float64Array }) => [3, 7, 11].map((at) => voxelToWorldMm[at])
  expect(originOf(await readLevelBox(beginning, level as never, asked, undefined))).toEqual([3.5, 5, 9])
  expect(beginning.asked).toEqual([{ min: [1, 1, 4], max: [4, 4, 7] }])
  expect(originOf(await readLevelBox(pyramid(false), level as never, asked, undefined))).toEqual([1, 1, 1])
})
