import { describe, expect, test } from 'vitest'
import type { Volume } from '../../../src/siibra/core/types.ts'
import { decodeMgh } from '../../../src/siibra/volumes/mgh/decode.ts'
import { createVolumeReader } from '../../../src/siibra/volumes/volume-reader.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'
import { fromBase64, readJsonFixture } from './fixtures.ts'

interface MghCase {
  name: string
  file: string
  shape: number[]
  dtype: string
  affine: number[][]
  hasPlace: boolean
  data: number[]
}

const cases = readJsonFixture<MghCase[]>('mgh.json')
const bytesOf = (name: string) => fromBase64(cases.find((one) => one.name === name)?.file ?? '')
const source = 'https://a.org/aseg.mgz'

describe('decodeMgh reads what nibabel reads', () => {
  test.each(cases)('$name', ({ file, shape, dtype, affine, hasPlace, data }) => {
    const decoded = decodeMgh(fromBase64(file), { source })
    expect(decoded.hasPlace).toBe(hasPlace)
    expect(decoded.image.shape).toEqual(shape)
    expect(decoded.image.dtype).toBe(dtype)
    expect([...decoded.image.data]).toEqual(data)
    const expected = affine.flat()
    for (const [at, value] of decoded.image.voxelToWorldMm.entries())
      expect(value).toBeCloseTo(expected[at] as number, 6)
  })
})

describe('decodeMgh refuses', () => {
  const changed = (at: number, value: number) => {
    const bytes = Uint8Array.from(bytesOf('uint8'))
    new DataView(bytes.buffer).setInt32(at, value)
    return bytes
  }
  test.each([
    ['a cut file', bytesOf('uint8').subarray(0, 300), '3 x 4 x 2 x 1 voxels of uint8 take 24 bytes, but there are 16'],
    ['a file of several bytes each', bytesOf('float32').subarray(0, 300), 'of float32 take 96 bytes, but there are 16'],
    ['half a header', bytesOf('uint8').subarray(0, 100), '100 bytes are too few'],
    ['another version', changed(0, 2), 'its version is 2'],
    ['an unknown type', changed(20, 7), 'unknown type 7'],
    ['a negative size', changed(8, -4), '3 x -4 x 2 x 1 are not all positive'],
    ['more than the bound', changed(16, 2_000_000_000), 'the bound is'],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeMgh(bytes, { source })).toThrow(message)
    expect(() => decodeMgh(bytes, { source })).toThrow(
      expect.objectContaining({ code: 'BAD_DATA', details: { url: source } }),
    )
  })
})

describe('the bounds of an MGH file', () => {
  /** 3 x 4 x 2 voxels of uint8 behind a header of 284 bytes. */
  const plain = bytesOf('uint8')

  test('it ends with its voxels, or later', () => {
    const exact = plain.subarray(0, 284 + 24)
    expect(decodeMgh(exact).image.data).toEqual(decodeMgh(plain).image.data)
    expect(() => decodeMgh(exact.subarray(0, 307))).toThrow('take 24 bytes, but there are 23')
    expect(() => decodeMgh(plain.subarray(0, 284))).toThrow('take 24 bytes, but there are 0')
    expect(() => decodeMgh(plain.subarray(0, 283))).toThrow('283 bytes are too few for an MGH header')
  })

  test('as many bytes of voxels as may be held, and no more', () => {
    expect(decodeMgh(plain, { maxBytes: 24 }).image.data).toHaveLength(24)
    expect(() => decodeMgh(plain, { maxBytes: 23 })).toThrow('3 x 4 x 2 x 1 voxels take 24 bytes, the bound is 23')
  })

  test.each([0, 1, 2, 3])('the size of axis %i is above 0', (axis) => {
    const none = plain.slice()
    new DataView(none.buffer).setInt32(4 + 4 * axis, 0)
    expect(() => decodeMgh(none)).toThrow('are not all positive')
  })
})

test('a volume may be provided as MGH, whole or a frame of it', async () => {
  const { data, shape } = cases.find(({ name }) => name === 'three frames') as MghCase
  const retrieval = standInRetrieval({ bytes: async () => bytesOf('three frames') })
  const reader = createVolumeReader({ retrieval })
  const volume: Volume = { name: null, variant: null, spaceId: null, providers: { mgh: source }, datasets: [], z: null }
  expect((await reader.fetchImage(volume)).shape).toEqual(shape)
  const frame = await reader.fetchImage({ ...volume, z: 1 })
  expect([...frame.data]).toEqual(data.slice(12, 24))
  await expect(reader.fetchImage({ ...volume, z: 3 })).rejects.toMatchObject({ code: 'BAD_DATA' })
})
