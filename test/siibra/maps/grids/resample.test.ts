import { expect, test } from 'vitest'
import {
  type Interpolation,
  resampleImage,
  resampleInSlices,
  resamplingBytes,
} from '../../../../src/siibra/maps/grids/resample.ts'
import { createSlices } from '../../../../src/siibra/slices.ts'
import type { Image, VoxelType } from '../../../../src/siibra/volumes/image.ts'
import { createVoxels } from '../../../../src/siibra/volumes/typed-bytes.ts'

const along = (stepMm: number, originMm = 0) =>
  Float64Array.of(stepMm, 0, 0, originMm, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)

/** A row of voxels of 1 mm. */
function row(dtype: VoxelType, values: readonly number[], shape = [values.length, 1, 1]): Image {
  const data = createVoxels(dtype, values.length)
  data.set(values)
  return { data, dtype, shape, voxelToWorldMm: along(1) }
}
const halves = { shape: [10, 1, 1], voxelToWorldMm: along(0.5) }

/** By nilearn.image.resample_img (0.14.1) of the row, at every half voxel; `clipped` where that tells with clip=True. */
const ROWS: {
  dtype: VoxelType
  row: number[]
  nearest: number[]
  linear: number[]
  continuous: number[]
  clipped?: number[]
}[] = [
  {
    dtype: 'uint8',
    row: [0, 255, 255, 0, 1],
    nearest: [0, 255, 255, 255, 255, 0, 0, 1, 1, 0],
    linear: [0, 128, 255, 255, 255, 128, 0, 1, 1, 0],
    continuous: [0, 97, 255, 255, 255, 117, 0, 0, 1, 0],
  },
  {
    dtype: 'uint8',
    row: [9, 200, 201, 9, 9],
    nearest: [9, 200, 200, 201, 201, 9, 9, 9, 9, 0],
    linear: [9, 105, 200, 201, 201, 105, 9, 9, 9, 0],
    continuous: [9, 81, 200, 244, 201, 97, 9, 0, 9, 0],
    clipped: [9, 81, 200, 201, 201, 97, 9, 0, 9, 0],
  },
  {
    dtype: 'uint16',
    row: [65535, 0, 65535, 65535, 0],
    nearest: [65535, 0, 0, 65535, 65535, 65535, 65535, 0, 0, 0],
    linear: [65535, 32768, 0, 32768, 65535, 65535, 65535, 32768, 0, 0],
    continuous: [65535, 34962, 0, 21796, 65535, 65535, 65535, 24429, 0, 0],
  },
  {
    dtype: 'int16',
    row: [0, -1, 3, -32768, 32767],
    nearest: [0, -1, -1, 3, 3, -32768, -32768, 32767, 32767, 0],
    linear: [0, -1, -1, 1, 3, -16383, -32768, -1, 32767, 0],
    continuous: [0, -1097.890625, -1, 5486.828125, 3, -24939.671875, -32768, 4168.234375, 32767, 0],
  },
  {
    dtype: 'float32',
    row: [1, 0, -1, 4, 2],
    nearest: [1, 0, 0, -1, -1, 4, 4, 2, 2, 0],
    linear: [1, 0.5, 0, -0.5, -1, 1.5, 4, 3, 2, 0],
    continuous: [1, 0.78794640303, 0, -1.18973219395, -1, 1.72098219395, 4, 3.18080353737, 2, 0],
    clipped: [1, 0.78794640303, 0, -1, -1, 1.72098219395, 4, 3.18080353737, 2, 0],
  },
]

test.each(ROWS)(
  'the values between voxels are those of nilearn: $dtype, $row',
  ({ dtype, row: values, ...expected }) => {
    for (const interpolation of ['nearest', 'linear', 'continuous'] as const)
      for (const clip of [false, true]) {
        const options = clip ? { interpolation, clip } : { interpolation }
        const image = resampleImage(row(dtype, values), halves, options)
        const isWidened = interpolation === 'continuous' && dtype === 'int16'
        expect(image.dtype).toBe(isWidened ? 'float32' : dtype)
        const clipped = interpolation === 'continuous' && clip ? expected.clipped : undefined
        const worst = (clipped ?? expected[interpolation]).map((value, at) => Math.abs(value - image.data[at]!))
        expect(Math.max(...worst)).toBeLessThan(image.dtype === 'float32' ? 1e-6 * Math.max(...values) : 1e-9)
      }
  },
)

test.each(ROWS)('and the same where the grid is turned by a hair: $dtype, $row', ({ dtype, row: values, linear }) => {
  const turned = { shape: [9, 1, 1], voxelToWorldMm: along(0.5).fill(1e-9, 4, 5) }
  const { data } = resampleImage(row(dtype, [...values, ...values], [values.length, 2, 1]), turned, {
    interpolation: 'linear',
  })
  // ties of integers go either way
  const worst = Math.max(...linear.slice(0, 9).map((value, at) => Math.abs(value - data[at]!)))
  expect(worst).toBeLessThanOrEqual(dtype === 'float32' ? 1e-6 : 1)
})

test('what is no number is taken as 0 by splines, which would spread it', () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const image = resampleImage(row('float32', [1, 0, bad, 4, 2]), halves, { interpolation: 'continuous' })
    const as0 = resampleImage(row('float32', [1, 0, 0, 4, 2]), halves, { interpolation: 'continuous' })
    expect(image.data).toEqual(as0.data)
  }
})

test('of several volumes the first is taken, of any range', async () => {
  const image = row('uint8', [1, 2, 3, 200, 201, 202], [3, 1, 1, 2])
  const grid = { shape: [5, 1, 1], voxelToWorldMm: along(0.5) }
  for (const interpolation of ['nearest', 'linear', 'continuous'] as const) {
    const options = { interpolation, clip: true }
    const first = resampleImage(row('uint8', [1, 2, 3]), grid, options)
    expect(resampleImage(image, grid, options)).toEqual(first)
    expect(await resampleInSlices(image, grid, options, createSlices())).toEqual(first)
  }
})

test('a grid of the same places, but another size, has the same values at them', () => {
  // turned, so that the affine times its inverse is not quite the identity: the outermost voxels would be outside
  const [c, d] = [Math.cos(0.4), Math.sin(0.4)]
  const voxelToWorldMm = Float64Array.of(0.7 * c, -d, 0, 5.3, 0.7 * d, c, 0, -7.1, 0, 0, 1.3, 0.9, 0, 0, 0, 1)
  const image = { ...row('float32', [1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]), voxelToWorldMm }
  for (const interpolation of ['nearest', 'linear'] as const) {
    const { data, shape } = resampleImage(image, { shape: [3, 2, 2], voxelToWorldMm }, { interpolation })
    expect([...data]).toEqual([1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8, 0])
    expect(shape).toEqual([3, 2, 2])
  }
})

test('positions are rounded as scipy rounds them, which decides of what is outside', () => {
  // (29 + 0.1 / 0.1) * 0.1 is 3, the last voxel, where 29 * 0.1 + 0.1 is 3.0000000000000004; by nilearn.image.resample_img
  const grid = { shape: [30, 1, 1], voxelToWorldMm: along(0.1, 0.1) }
  const { data } = resampleImage(row('uint8', [1, 2, 3, 4]), grid, { interpolation: 'nearest' })
  expect([...data].join('')).toBe('111122222222223333333333444444')
})

test.each<[VoxelType, Interpolation, number]>([
  ['uint8', 'nearest', 30],
  ['uint8', 'continuous', 30 + 24 * 8],
  ['int16', 'linear', 30 * 2],
  ['int16', 'continuous', 30 * 4 + 24 * 8],
  ['float64', 'continuous', 30 * 8 + 24 * 8],
])('the bytes that it takes, of %s by %s: %i', (dtype, interpolation, bytes) => {
  const image = row(
    dtype,
    Array.from({ length: 48 }, () => 0),
    [2, 3, 4, 2],
  )
  expect(resamplingBytes(image, { shape: [2, 3, 5], voxelToWorldMm: along(1) }, interpolation)).toBe(bytes)
})
