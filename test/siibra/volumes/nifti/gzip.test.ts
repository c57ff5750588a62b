import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../../src/siibra/volumes/nifti/encode.ts'
import { gzipNifti } from '../../../../src/siibra/volumes/nifti/gzip.ts'

const image = (megabytes: number): Image => ({
  data: new Uint8Array(megabytes * 2 ** 20).map((_, at) => (at % 4099 === 0 ? at % 251 : 0)),
  dtype: 'uint8',
  shape: [1024, 1024, megabytes],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
})

test.each([1, 70])('a file of %d MB is the same, whichever way it is made', async (megabytes) => {
  const one = image(megabytes)
  expect(gunzipSync(await gzipNifti(one)).equals(encodeNifti(one))).toBe(true)
})

test('a large file that nobody waits for is not finished', async () => {
  await expect(gzipNifti(image(70), AbortSignal.abort(new Error('gone')))).rejects.toMatchObject({ code: 'ABORTED' })
})
