import { describe, expect, test } from 'vitest'
import type { Image, VoxelArray, VoxelType } from '../../../src/siibra/volumes/image.ts'
import { mergeImages } from '../../../src/siibra/volumes/merge.ts'
import { commonType } from '../../../src/siibra/volumes/typed-bytes.ts'

const image = (data: VoxelArray, dtype: VoxelType, x = 0): Image => ({
  data,
  dtype,
  shape: [data.length, 1, 1],
  voxelToWorldMm: Float64Array.of(1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
})

describe('merging fragments', () => {
  test('keeps the values of all of them, whatever the type of the first', () => {
    const merged = mergeImages([image(Uint8Array.of(1, 0), 'uint8'), image(Uint16Array.of(0, 300), 'uint16')])
    expect(merged.dtype).toBe('uint16')
    expect([...merged.data]).toEqual([1, 300])
  })

  test('takes NaN for background', () => {
    const merged = mergeImages([
      image(Float32Array.of(7, Number.NaN, Number.NaN), 'float32'),
      image(Float32Array.of(Number.NaN, 8, Number.NaN), 'float32'),
    ])
    expect([...merged.data]).toEqual([7, 8, 0])
  })

  test('puts each voxel at the nearest of the grid', () => {
    const merged = mergeImages([image(Uint8Array.of(1, 2), 'uint8'), image(Uint8Array.of(5, 6), 'uint8', 2.00001)])
    expect([...merged.data.subarray(0, 4)]).toEqual([1, 2, 5, 6])
  })
})

/** `numpy.result_type(a, b)` of numpy 2.2; int64, which an image cannot have, is float64. */
const PROMOTED: [VoxelType, VoxelType, VoxelType][] = [
  ['uint8', 'uint16', 'uint16'],
  ['uint8', 'uint32', 'uint32'],
  ['uint8', 'int8', 'int16'],
  ['uint8', 'int16', 'int16'],
  ['uint16', 'int8', 'int32'],
  ['uint16', 'int16', 'int32'],
  ['uint16', 'int32', 'int32'],
  ['uint32', 'int8', 'float64'],
  ['int8', 'int32', 'int32'],
  ['uint16', 'float32', 'float32'],
  ['int32', 'float32', 'float64'],
  ['uint32', 'float32', 'float64'],
  ['float32', 'float64', 'float64'],
  ['int8', 'float64', 'float64'],
]

test.each(PROMOTED)('%s and %s are held by %s', (a, b, both) => {
  expect(commonType([a, b])).toBe(both)
  expect(commonType([b, a])).toBe(both)
  expect(commonType([a, a])).toBe(a)
})
