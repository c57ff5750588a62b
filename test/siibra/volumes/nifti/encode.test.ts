import { describe, expect, it } from 'vitest'
import { identityAffine, scalingAffine } from '../../../../src/siibra/volumes/affine.ts'
import type { VoxelType } from '../../../../src/siibra/volumes/image.ts'
import { encodeNifti, encodeNiftiHeader } from '../../../../src/siibra/volumes/nifti/encode.ts'
import { createVoxels } from '../../../../src/siibra/volumes/typed-bytes.ts'

const image = (shape: number[], voxelToWorldMm = identityAffine(), dtype: VoxelType = 'uint8') => ({
  data: createVoxels(
    dtype,
    shape.reduce((product, size) => product * size, 1),
  ),
  dtype,
  shape,
  voxelToWorldMm,
})
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer)
const floats = (bytes: Uint8Array, offset: number, count: number) =>
  Array.from({ length: count }, (_, n) => viewOf(bytes).getFloat32(offset + 4 * n, true))

/** Rows of an affine (3 x 4), and what nibabel 5 writes of it: quatern_b to quatern_d, and pixdim[0] to pixdim[3]. */
const cases: [about: string, affine: number[], quaternion: number[], pixdim: number[]][] = [
  [
    'a rotation about all axes, with three sizes',
    [0.739942, -0.396534, -1.928363, -10, -0.027828, 1.891471, -0.971233, 20.5, 0.672095, 0.514879, 2.082816, 3],
    [0.15806, -0.3576, 0.04635],
    [1, 1, 2, 3],
  ],
  [
    'nearly a half turn about x',
    [0.978148, 0, 0.415823, -10, 0.036103, -0.984808, -0.339707, 20.5, 0.204753, 0.173648, -1.926575, 3],
    [0.99074, 0.00911, 0.10413],
    [1, 1, 1, 2],
  ],
  [
    'nearly a half turn about y',
    [-1.850833, 0.336824, 0.173648, -10, 0.68404, 0.939693, 0, 20.5, -0.326352, 0.059391, -0.984808, 3],
    [0.17299, 0.98106, 0.01513],
    [1, 2, 1, 1],
  ],
  [
    'nearly a half turn about z',
    [-0.996195, -0.084567, -0.021085, -10, 0.087156, -0.966603, -0.241001, 20.5, 0, -0.241922, 0.970296, 3],
    [-0.00532, -0.12175, 0.9916],
    [1, 1, 1, 1],
  ],
  [
    'mirrored',
    [-0.739942, -0.396534, -0.321394, -10, 0.027828, 1.891471, -0.161872, 20.5, -0.672095, 0.514879, 0.347136, 3],
    [-0.04635, 0.91923, 0.15806],
    [-1, 1, 2, 0.5],
  ],
  [
    'sheared, of which the nearest rotation is written',
    [0.739942, -0.149412, -1.271061, -10, -0.027828, 1.413037, -0.366551, 20.5, 0.672095, 0.520578, 1.532985, 3],
    [0.1349, -0.34453, 0.00402],
    [1, 1, 1.51327, 2.02485],
  ],
]

describe('the header of a NIfTI file, as nibabel writes it', () => {
  it.each(cases)('of %s', (_, rows, quaternion, pixdim) => {
    const header = encodeNiftiHeader(image([2, 2, 2], Float64Array.from([...rows, 0, 0, 0, 1])))
    floats(header, 256, 3).forEach((value, n) => {
      expect(value).toBeCloseTo(quaternion[n]!, 4)
    })
    floats(header, 76, 4).forEach((value, n) => {
      expect(value).toBeCloseTo(pixdim[n]!, 4)
    })
    expect(floats(header, 268, 3)).toEqual([-10, 20.5, 3])
    floats(header, 280, 12).forEach((value, n) => {
      expect(value).toBeCloseTo(rows[n]!, 6)
    })
  })

  it('of an affine without a volume has no rotation', () => {
    const header = encodeNiftiHeader(image([1, 1, 1], new Float64Array(16)))
    expect(floats(header, 256, 3)).toEqual([0, 0, 0])
    expect(floats(header, 76, 4)).toEqual([-1, 0, 0, 0])
  })

  it.each([
    ['uint8', 2, 8],
    ['int8', 256, 8],
    ['uint16', 512, 16],
    ['int16', 4, 16],
    ['uint32', 768, 32],
    ['int32', 8, 32],
    ['float32', 16, 32],
    ['float64', 64, 64],
  ] as const)('of %s: type %i, %i bits', (dtype, code, bits) => {
    const view = viewOf(encodeNiftiHeader(image([2, 1, 1], identityAffine(), dtype)))
    expect([view.getInt16(70, true), view.getInt16(72, true)]).toEqual([code, bits])
  })

  it('has its sizes, 1 where there are no more axes, and where the voxels begin', () => {
    const bytes = encodeNiftiHeader(image([2, 3, 4, 5]))
    const view = viewOf(bytes)
    expect(Array.from({ length: 8 }, (_, n) => view.getInt16(40 + 2 * n, true))).toEqual([4, 2, 3, 4, 5, 1, 1, 1])
    expect(view.getInt32(0, true)).toBe(348)
    expect(floats(bytes, 108, 2)).toEqual([352, 1])
    expect([view.getInt16(252, true), view.getInt16(254, true)]).toEqual([0, 2])
    expect(String.fromCharCode(...bytes.subarray(344, 348))).toBe('n+1\0')
    expect(bytes.length).toBe(352)
  })
})

describe('a NIfTI file', () => {
  it('has the voxels behind the header, also those of a part of an array', () => {
    const data = Uint16Array.of(9, 1, 258, 9).subarray(1, 3)
    const bytes = encodeNifti({ data, dtype: 'uint16', shape: [2, 1, 1], voxelToWorldMm: scalingAffine([1, 1, 1]) })
    expect([...bytes.subarray(352)]).toEqual([1, 0, 2, 1])
  })

  it('has 32,767 voxels along an axis at most', () => {
    expect(encodeNifti(image([32_767, 1, 1])).length).toBe(352 + 32_767)
    expect(() => encodeNifti(image([1, 32_768, 1]))).toThrow(/1 x 32768 x 1/)
  })

  it('is not written of an image whose voxels are not as many as it says', () => {
    expect(() => encodeNifti({ ...image([2, 2, 2]), shape: [2, 2, 3] })).toThrow(/12 voxels has 8/)
  })
})
