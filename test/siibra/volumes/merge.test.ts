import { describe, expect, test } from 'vitest'
import { applyAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Image, VoxelArray, VoxelType } from '../../../src/siibra/volumes/image.ts'
import { mergeImages } from '../../../src/siibra/volumes/merge.ts'

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

  test('puts slices where they lie', () => {
    const slice = (value: number, zMm: number) => {
      const one = image(Uint8Array.of(value), 'uint8')
      one.voxelToWorldMm[11] = zMm
      return one
    }
    const merged = mergeImages([slice(1, 0), slice(3, 2), slice(2, 1)])
    expect([merged.shape.slice(0, 2), [...merged.data.subarray(0, 3)]]).toEqual([
      [1, 1],
      [1, 2, 3],
    ])
  })

  test('keeps the outermost voxel of an axis that goes the other way', () => {
    const mirrored = image(Uint8Array.of(5, 6), 'uint8', 3)
    mirrored.voxelToWorldMm[0] = -1
    expect([...mergeImages([image(Uint8Array.of(1, 2), 'uint8'), mirrored]).data]).toEqual([1, 2, 6, 5])
  })

  test.each([{ axes: [1, 2, 0] }, { axes: [2, 0, 1] }])('follows axes that are turned: $axes', ({ axes }) => {
    const shape = [2, 3, 4]
    const block = (from: number, voxelToWorldMm: Float64Array): Image => ({
      data: Uint8Array.from({ length: 24 }, (_, at) => from + at),
      dtype: 'uint8',
      shape,
      voxelToWorldMm,
    })
    const turned = Float64Array.of(0, 0, 0, -4, 0, 0, 0, 3.2, 0, 0, 0, 0.2, 0, 0, 0, 1)
    for (const [row, axis] of axes.entries()) turned[4 * row + axis] = row === 1 ? -1 : 1
    const images = [block(1, image(Uint8Array.of(1), 'uint8').voxelToWorldMm), block(101, turned)]
    const merged = mergeImages(images)
    const valueAt = (pointMm: readonly number[]) => {
      const [i, j, k] = pointMm.map((mm, axis) => Math.round(mm - merged.voxelToWorldMm[4 * axis + 3]!))
      return merged.data[(k! * merged.shape[1]! + j!) * merged.shape[0]! + i!]
    }
    for (const { data, voxelToWorldMm } of images)
      for (const [at, value] of data.entries()) {
        const voxel = [at % 2, Math.floor(at / 2) % 3, Math.floor(at / 6)] as const
        expect(valueAt(applyAffine(voxelToWorldMm, voxel))).toBe(value)
      }
    expect(merged.data.filter((value) => value !== 0)).toHaveLength(48)
  })
})
