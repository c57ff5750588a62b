import { describe, expect, test } from 'vitest'
import { requireLabels, requireLabelsOf32Bits } from '../../../../src/siibra/maps/labels/require-labels.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'

const image = (data: Image['data'], shape = [data.length, 1, 1]): Image => ({
  data,
  dtype: data instanceof Float32Array ? 'float32' : data instanceof Float64Array ? 'float64' : 'int32',
  shape,
  voxelToWorldMm: new Float64Array(16),
})

describe('requireLabels', () => {
  test('leaves whole numbers as they are, of any type', () => {
    for (const data of [Int32Array.of(0, 7), Float32Array.of(0, 7), Float64Array.of(0, 2 ** 40)]) {
      const given = image(data)
      expect(requireLabels(given, 'here')).toBe(given)
    }
  })

  test('rounds what lies within a thousandth of integers; NaN is background', () => {
    const { data, dtype } = requireLabels(image(Float32Array.of(0.99999, 2.0009, -0.0001, Number.NaN)), 'here')
    expect(dtype).toBe('float32')
    expect([...data]).toEqual([1, 2, 0, 0])
    expect([...requireLabels(image(Float64Array.of(0.001, 2)), 'here').data]).toEqual([0, 2])
    expect(Object.is(data[2], -0)).toBe(false)
  })

  test.each([0.5, 1.0011, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53])(
    'refuses %d, naming it',
    (value) => {
      const refused = () => requireLabels(image(Float64Array.of(0, 1, value)), 'https://x/y.nii')
      expect(refused).toThrow(`https://x/y.nii: the value ${value} (voxel 2 in file order) is no label`)
    },
  )

  test('refuses several volumes in one, of which none was chosen', () => {
    expect(() => requireLabels(image(Int32Array.from({ length: 16 }), [2, 2, 2, 2]), 'here')).toThrow(
      'here: 2 volumes of 2 x 2 x 2 labels, and the configuration does not say which (z)',
    )
  })
})

test('labels that do not fit 32 bits are not written', () => {
  expect(() => requireLabelsOf32Bits(image(Float64Array.of(1, 4_294_967_296)), 'here')).toThrow('4294967296')
  expect(() => requireLabelsOf32Bits(image(Float64Array.of(1, -2_147_483_649)), 'here')).toThrow('-2147483649')
  const bounds = image(Float64Array.of(-2_147_483_648, 4_294_967_295))
  expect(() => requireLabelsOf32Bits(bounds, 'here')).not.toThrow()
})
