import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { decodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { gzipNifti } from '../../../../src/siibra/volumes/nifti/gzip.ts'

interface Fixture {
  description: string
  provenance: Record<string, string>
  affine: number[]
  file: string
}

const { description, provenance, affine, file }: Fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/volumes/nifti-label.json', import.meta.url), 'utf8'),
)
const data = new Int16Array(24)
// numpy counts the last axis fastest, the file the first
for (let i = 0; i < 2; i++)
  for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) data[i + 2 * j + 6 * k] = 12 * i + 4 * j + k
const image: Image = { data, dtype: 'int16', shape: [2, 3, 4], voxelToWorldMm: Float64Array.from(affine) }

test('a labelled file is byte for byte the one of nibabel', async () => {
  const made = gunzipSync(await gzipNifti(image, undefined, { description, provenance, isMni: true }))
  expect(made.equals(Buffer.from(file, 'base64'))).toBe(true)
  expect([...decodeNifti(made).data]).toEqual([...data])
})

test('outside of MNI spaces the code stays; letters of a description are plain', async () => {
  const label = { description: 'Région 脳', provenance: {}, isMni: false }
  const made = gunzipSync(await gzipNifti(image, undefined, label))
  expect(made.readInt16LE(254)).toBe(2)
  expect(made.subarray(148, 228).toString('latin1').replaceAll('\0', '')).toBe('Region ?')
})
