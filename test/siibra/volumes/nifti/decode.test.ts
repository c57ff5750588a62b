import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SiibraError } from '../../../../src/siibra/errors.ts'
import type { Image, VoxelType } from '../../../../src/siibra/volumes/image.ts'
import { gzipBytes } from '../../../../src/siibra/volumes/inflate.ts'
import { decodeNifti, encodeNifti, parseNiftiHeader } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { fromBase64, readJsonFixture, toVoxels } from '../fixtures.ts'

interface ReadCase {
  name: string
  file: string
  error?: string
  shape: number[]
  dtype: string
  affine: number[][]
  data: number[]
}

interface WrittenCase extends ReadCase {
  dtype: VoxelType
}

const cases = readJsonFixture<ReadCase[]>('nifti.json')
const written = readJsonFixture<WrittenCase[]>('nifti-encoded.json')
const image: Image = {
  data: Int16Array.from({ length: 24 }, (_, i) => i - 3),
  dtype: 'int16',
  shape: [2, 3, 4],
  voxelToWorldMm: Float64Array.of(-2, 0, 0, 90, 0, 2, 0, -126, 0, 0, 2, -72, 0, 0, 0, 1),
}

/** What numpy's 64-bit types may become here. */
const narrowed: Record<string, string[]> = {
  int64: ['int32', 'uint32', 'float64'],
  uint64: ['uint32', 'float64'],
}

describe('decodeNifti reads what nibabel reads', () => {
  test.each(cases.filter((each) => !each.error))('$name', ({ file, shape, dtype, affine, data }) => {
    const decoded = decodeNifti(fromBase64(file))
    expect(decoded.shape).toEqual(shape)
    expect(narrowed[dtype] ?? [dtype]).toContain(decoded.dtype)
    expect(Array.from(decoded.data)).toEqual(data)
    const expected = affine.flat()
    for (let i = 0; i < 16; i++) expect(decoded.voxelToWorldMm[i]).toBeCloseTo(expected[i]!, 12)
  })
})

describe('decodeNifti refuses', () => {
  test.each(cases.filter((each) => each.error))('$name', ({ file, error }) => {
    expect(() => decodeNifti(fromBase64(file), { source: 'https://a.org/b.nii' })).toThrow(
      expect.objectContaining({ code: error, details: { url: 'https://a.org/b.nii' } }),
    )
  })

  test('a truncated file, with the arithmetic', () => {
    const bytes = encodeNifti(image).subarray(0, 390)
    expect(() => decodeNifti(bytes, { source: 'https://a.org/b.nii' })).toThrow(
      'https://a.org/b.nii: 2 x 3 x 4 voxels of int16 take 48 bytes from byte 352, but there are 38 (390 in all)',
    )
  })

  test('what inflates past the bound', () => {
    const bomb = gzipSync(new Uint8Array(1_000_000))
    expect(() => decodeNifti(bomb, { source: 'https://a.org/b.nii.gz', maxBytes: 10_000 })).toThrow(
      `https://a.org/b.nii.gz: ${bomb.length} bytes inflate to more than the bound of 10000 bytes`,
    )
  })

  test('a broken gzip stream', () => {
    const bytes = gzipBytes(encodeNifti(image))
    const truncated = bytes.subarray(0, bytes.length - 10)
    expect(() => decodeNifti(truncated, { source: 'https://a.org/b.nii.gz' })).toThrow(
      /^https:\/\/a\.org\/b\.nii\.gz: \d+ bytes cannot be inflated: unexpected end of file$/,
    )
  })
})

describe('decodeNifti and broken bytes', () => {
  const isRefused = (bytes: Uint8Array) => {
    try {
      decodeNifti(bytes, { maxBytes: 1e6 })
    } catch (error) {
      expect(error).toBeInstanceOf(SiibraError)
      expect(['BAD_DATA', 'UNSUPPORTED']).toContain((error as SiibraError).code)
      return true
    }
    return false
  }

  test('truncated anywhere, plain and gzipped, it is refused', () => {
    for (const bytes of [encodeNifti(image), gzipBytes(encodeNifti(image))]) {
      for (let length = 0; length < bytes.length; length++) expect(isRefused(bytes.subarray(0, length))).toBe(true)
    }
  })

  test('with any bytes of the header changed, it is read or refused, never anything else', () => {
    const change = fc.tuple(fc.nat(351), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = encodeNifti(image)
        for (const [at, value] of changes) bytes[at] = value
        const refused = isRefused(bytes)
        return typeof refused === 'boolean'
      }),
      { numRuns: 500 },
    )
  })
})

describe('decodeNifti and memory', () => {
  test('aligned little-endian voxels are a view, not a copy', () => {
    const bytes = encodeNifti({ ...image, data: new Int16Array(24_000), shape: [20, 30, 40] })
    expect(decodeNifti(bytes).data.buffer).toBe(bytes.buffer)
  })

  test('a file at an odd place of its buffer is read all the same', () => {
    const bytes = encodeNifti(image)
    const moved = new Uint8Array(bytes.length + 1)
    moved.set(bytes, 1)
    expect(decodeNifti(moved.subarray(1)).data).toEqual(image.data)
  })

  test("voxels never lie in Node's shared pool of small buffers", () => {
    const pooled = Buffer.from(Buffer.from(encodeNifti(image)).toString('base64'), 'base64')
    expect(decodeNifti(pooled).data.buffer.byteLength).toBeLessThan(Buffer.poolSize)
  })
})

describe('encodeNifti', () => {
  test.each(written)('writes what nibabel writes: $name', ({ dtype, shape, affine, data, file }) => {
    const voxelToWorldMm = Float64Array.from(affine.flat())
    const ours = encodeNifti({ data: toVoxels(dtype, data), dtype, shape, voxelToWorldMm })
    const theirs = fromBase64(file)
    // The quaternion comes from another algorithm: equal to float32 accuracy, and unused (code 0).
    for (const offset of [256, 260, 264]) {
      const quaternionOf = (bytes: Uint8Array) => new DataView(bytes.buffer).getFloat32(offset, true)
      expect(quaternionOf(ours)).toBeCloseTo(quaternionOf(theirs), 6)
      ours.set(theirs.subarray(offset, offset + 4), offset)
    }
    expect(Buffer.from(ours).equals(theirs)).toBe(true)
  })

  test('what it writes is read back', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    fc.assert(
      fc.property(fc.array(finite, { minLength: 12, maxLength: 12 }), fc.boolean(), (rows, isZipped) => {
        const voxelToWorldMm = Float64Array.from([...rows, 0, 0, 0, 1])
        const bytes = encodeNifti({ ...image, voxelToWorldMm })
        const decoded = decodeNifti(isZipped ? gzipBytes(bytes) : bytes)
        expect(decoded).toEqual({ ...image, voxelToWorldMm })
      }),
    )
  })

  test('refuses sizes beyond the format', () => {
    const long = { ...image, data: new Uint8Array(40_000), dtype: 'uint8' as const, shape: [40_000, 1, 1] }
    expect(() => encodeNifti(long)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })
})

test('one or two axes: the others have one voxel', () => {
  const bytes = encodeNifti(image)
  const view = new DataView(bytes.buffer)
  view.setInt16(40, 2, true)
  view.setInt16(44, 12, true)
  expect(decodeNifti(bytes)).toEqual({ ...image, shape: [2, 12, 1] })
  view.setInt16(40, 1, true)
  expect(decodeNifti(bytes).shape).toEqual([2, 1, 1])
})

test('scaled voxels are held against the bound as what they become', () => {
  const bytes = encodeNifti(image)
  new DataView(bytes.buffer).setFloat32(112, 2, true)
  expect(() => decodeNifti(bytes, { maxBytes: 100 })).toThrow('2 x 3 x 4 voxels take 192 bytes, the bound is 100 bytes')
  expect(decodeNifti(bytes, { maxBytes: 192 }).dtype).toBe('float64')
})

test('parseNiftiHeader needs no more than the header', () => {
  const header = parseNiftiHeader(encodeNifti(image).subarray(0, 352))
  expect(header).toEqual({
    version: 1,
    littleEndian: true,
    storedType: 'int16',
    shape: [2, 3, 4],
    dataOffsetBytes: 352,
    dataBytes: 48,
    voxelToWorldMm: image.voxelToWorldMm,
  })
})

describe('the header at its bounds', () => {
  const changed = (change: (view: DataView) => void) => {
    const bytes = encodeNifti({ ...image, data: new Float32Array(24), dtype: 'float32' })
    change(new DataView(bytes.buffer))
    return () => parseNiftiHeader(bytes)
  }

  test('one to seven axes, those behind the fourth of one', () => {
    const ofRank = (rank: number, fifth = 1) =>
      changed((view) => {
        view.setInt16(40, rank, true)
        view.setInt16(48, 2, true)
        view.setInt16(50, fifth, true)
      })
    expect(ofRank(7)().shape).toEqual([2, 3, 4, 2])
    expect(ofRank(1)().shape).toEqual([2, 1, 1])
    expect(ofRank(7, 2)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
    expect(ofRank(0)).toThrow('dim[0] is 0, not 1 to 7')
  })

  test('a quaternion of length 1, a turn about the third axis, and voxels of 2, 3 and 4 mm', () => {
    const header = changed((view) => {
      view.setInt16(252, 1, true)
      view.setInt16(254, 0, true)
      for (const [n, value] of [-1, 2, 3, 4].entries()) view.setFloat32(76 + 4 * n, value, true)
      for (const [n, value] of [0, 0, 1, 7, 8, 9].entries()) view.setFloat32(256 + 4 * n, value, true)
    })()
    expect([...header.voxelToWorldMm].map((value) => value + 0)).toEqual([
      -2, 0, 0, 7, 0, -3, 0, 8, 0, 0, -4, 9, 0, 0, 0, 1,
    ])
  })
})
