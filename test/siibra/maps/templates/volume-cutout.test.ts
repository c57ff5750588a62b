import { expect, test } from 'vitest'
import { cropImage, fetchVolumeCutout } from '../../../../src/siibra/maps/templates/volume-cutout.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeVolume } from '../fake-atlas.ts'

type Vox3 = [number, number, number]
const [NX, NY, NZ, NT] = [4, 3, 2, 2] as const
/** Each voxel has its place as a value; centres lie at whole numbers of mm, but for the affine of `large`. */
const image: Image = {
  data: Float32Array.from({ length: NX * NY * NZ * NT }, (_, at) => at),
  dtype: 'float32',
  shape: [NX, NY, NZ, NT],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
}
const large: Image = { ...image, voxelToWorldMm: Float64Array.of(2, 0, 0, -1, 0, 2, 0, 3, 0, 0, 2, 0, 0, 0, 0, 1) }

test.each<{ min: Vox3; max: Vox3; start: Vox3; end: Vox3 }>([
  { min: [0, 0, 0], max: [4, 3, 2], start: [0, 0, 0], end: [4, 3, 2] },
  { min: [1, 1, 0], max: [3, 2, 1], start: [1, 1, 0], end: [3, 2, 1] },
  { min: [0.9, 1.9, 1.2], max: [2.9, 2.9, 1.9], start: [0, 1, 1], end: [2, 2, 2] },
  { min: [1, 1, 1], max: [1.5, 1.5, 1.5], start: [1, 1, 1], end: [2, 2, 2] },
  { min: [-9, -9, -9], max: [99, 99, 99], start: [0, 0, 0], end: [4, 3, 2] },
  { min: [-0.3, -0.9, -0.5], max: [1, 1, 1], start: [0, 0, 0], end: [1, 1, 1] },
  { min: [0.9999999, 1.9999999, 0], max: [2.9999999, 3, 1.9999999], start: [1, 2, 0], end: [3, 3, 2] },
  { min: [3.5, 2.5, 1.5], max: [9, 9, 9], start: [3, 2, 1], end: [4, 3, 2] },
  { min: [-9, -9, -9], max: [-0.5, -0.5, -0.5], start: [0, 0, 0], end: [1, 1, 1] },
])(
  'an image is cut from the voxel of the lower corner to before the upper one: $min to $max',
  ({ min, max, start, end }) => {
    const cut = cropImage(image, { boxMm: { minMm: min, maxMm: max } })
    const size = end.map((to, axis) => to - start[axis]!)
    expect(cut.shape).toEqual([...size, NT])
    const expected: number[] = []
    for (let t = 0; t < NT; t++)
      for (let k = start[2]; k < end[2]; k++)
        for (let j = start[1]; j < end[1]; j++)
          for (let i = start[0]; i < end[0]; i++) expected.push(((t * NZ + k) * NY + j) * NX + i)
    expect([...cut.data]).toEqual(expected)
    expect([3, 7, 11].map((at) => cut.voxelToWorldMm[at])).toEqual([...start])
    expect(cut.dtype).toBe('float32')
  },
)

test('places are in mm', () => {
  const cut = cropImage(large, { boxMm: { minMm: [1, 5, 0], maxMm: [5, 7, 2] } })
  expect([...cut.data]).toEqual([5, 6, 29, 30])
  expect([3, 7, 11].map((at) => cut.voxelToWorldMm[at])).toEqual([1, 5, 0])
})

test.each([0, 1, 2].flatMap((axis) => [-0.51, [4, 3, 2][axis]! - 0.49].map((at) => ({ axis, at }))))(
  'a box beside the voxels is refused, and told where they are: $at along axis $axis',
  ({ axis, at }) => {
    const inside = [1, 1, 1]
    const beside = inside.with(axis, at) as unknown as Vox3
    const boxMm = { minMm: beside, maxMm: beside }
    expect(() => cropImage(image, { boxMm })).toThrow(
      'lies outside of the volume, which is in [[-0.5,-0.5,-0.5],[3.5,2.5,1.5]]',
    )
  },
)

test('no more voxels than are allowed; else it is said what is possible', () => {
  expect(cropImage(large, { maxVoxels: 24 })).toBe(large)
  const allowed = { resolutions_mm: [], box_side_mm: 5.69, max_voxels: 23 }
  try {
    cropImage(large, { maxVoxels: 23 })
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({
      code: 'INVALID_PARAMETER',
      message: 'bbox: 24 voxels (8 x 6 x 4 mm at 2 mm) are more than 23; possible are boxes of about 5.69 mm at 2 mm',
      details: { parameter: 'bbox', allowed },
    })
  }
})

test('a box has a volume', async () => {
  const atlas = createFakeAtlas({ image: { ...image, data: image.data.slice(0, NX * NY * NZ), shape: [NX, NY, NZ] } })
  const cut = (maxMm: Vox3) => fetchVolumeCutout(atlas, fakeVolume('image'), { boxMm: { minMm: [1, 1, 1], maxMm } })
  expect([...(await cut([3, 2, 2])).data]).toEqual([17, 18])
  for (const maxMm of [
    [1, 2, 2],
    [2, 1, 2],
    [2, 2, 0],
  ] as Vox3[])
    await expect(async () => cut(maxMm)).rejects.toThrow('bbox: the box has no volume')
})
