import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Volume } from '../../../src/siibra/core/types.ts'
import { SiibraError } from '../../../src/siibra/errors.ts'
import { gunzipBounded } from '../../../src/siibra/volumes/inflate.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { createVolumeReader } from '../../../src/siibra/volumes/volume-reader.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'

const text = Buffer.from('atlas '.repeat(1000))
const garbage = Buffer.from('left behind by an upload')

describe('gzip', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(64)],
    ['text', garbage],
    ['half a member', gzipSync(garbage).subarray(0, 20)],
    ['what looks like a member', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])],
  ])('with %s behind its end is what comes before', (_, rest) => {
    expect(Buffer.from(gunzipBounded(Buffer.concat([gzipSync(text), rest]))).equals(text)).toBe(true)
  })

  test('of several members is all of them, whatever comes behind', () => {
    const members = Buffer.concat([gzipSync(text), gzipSync(garbage), garbage])
    expect(Buffer.from(gunzipBounded(members)).toString()).toBe(`${text}${garbage}`)
  })

  test('that is cut off, broken or beyond the bound is refused', () => {
    const whole = gzipSync(text)
    const broken = Uint8Array.from(whole)
    broken[whole.length - 6]! ^= 1
    for (const bytes of [whole.subarray(0, -9), whole.subarray(0, -2), broken]) {
      expect(() => gunzipBounded(bytes)).toThrow('cannot be inflated')
    }
    expect(() => gunzipBounded(Buffer.concat([whole, garbage]), { maxBytes: 100 })).toThrow(SiibraError)
  })

  test('around a volume may have something behind it', async () => {
    const identity = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
    const file = encodeNifti({ data: Uint8Array.of(3, 4), dtype: 'uint8', shape: [2, 1, 1], voxelToWorldMm: identity })
    const bytes = Buffer.concat([gzipSync(file), garbage])
    const reader = createVolumeReader({ retrieval: standInRetrieval({ bytes: async () => bytes }) })
    const volume: Volume = { name: null, variant: null, spaceId: null, providers: { nii: 'a' }, datasets: [], z: null }
    expect([...(await reader.fetchImage(volume)).data]).toEqual([3, 4])
  })
})
