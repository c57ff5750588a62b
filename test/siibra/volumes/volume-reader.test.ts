import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Volume } from '../../../src/siibra/core/types.ts'
import type { Retrieval } from '../../../src/siibra/retrieval/retrieval.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { createVolumeReader } from '../../../src/siibra/volumes/volume-reader.ts'

const image: Image = {
  data: Uint8Array.of(1, 2, 3, 4),
  dtype: 'uint8',
  shape: [2, 2, 1],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
}
const file = encodeNifti(image)
const volume = (providers: Volume['providers'], z: number | null = null): Volume => ({
  name: 'a volume',
  variant: null,
  spaceId: null,
  providers,
  datasets: [],
  z,
})

/** A retrieval that says what was asked of it. */
function recording(files: Record<string, Uint8Array>, wait: () => Promise<void> = async () => {}) {
  const asked: string[] = []
  let [now, most] = [0, 0]
  const read = async (key: string) => {
    asked.push(key)
    most = Math.max(most, ++now)
    await wait()
    now--
    return files[key]
  }
  const retrieval = {
    bytes: read,
    zipMember: (url: string, member: string) => read(`${url}!${member}`),
    store: { get: read },
  } as unknown as Retrieval
  return { asked, retrieval, mostAtOnce: () => most }
}

test('siibra’s order of preference: nii, then zip/nii, then neuroglancer', async () => {
  const { asked, retrieval } = recording({ 'a.nii': file, 'a.zip!dir/a.nii.gz': gzipSync(file) })
  const reader = createVolumeReader({ retrieval })
  const zip = { 'zip/nii': 'a.zip dir/a.nii.gz', 'neuroglancer/precomputed': 'precomputed' }
  await reader.fetchImage(volume({ ...zip, nii: 'a.nii' }))
  const zipped = await reader.fetchImage(volume(zip))
  expect([...zipped.data]).toEqual([1, 2, 3, 4])
  await expect(reader.fetchImage(volume({ 'neuroglancer/precomputed': 'precomputed' }))).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
  })
  expect(asked).toEqual(['a.nii', 'a.zip!dir/a.nii.gz', 'precomputed/info', 'precomputed/transform.json'])
})

test('a surface has no voxels', async () => {
  const reader = createVolumeReader({ retrieval: recording({}).retrieval })
  await expect(reader.fetchImage(volume({ 'gii-mesh': 'mesh' }))).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
    details: { formats: ['gii-mesh'] },
  })
})

test('a missing file is a provider that is away, and asked again next time', async () => {
  const files: Record<string, Uint8Array> = {}
  const { asked, retrieval } = recording(files)
  const reader = createVolumeReader({ retrieval })
  await expect(reader.fetchImage(volume({ nii: 'a.nii' }))).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    details: { url: 'a.nii' },
  })
  files['a.nii'] = file
  await reader.fetchImage(volume({ nii: 'a.nii' }))
  expect(asked.length).toBe(2)
})

test('what inflates past the bound is refused', async () => {
  const bomb = gzipSync(encodeNifti({ ...image, data: new Uint8Array(1_000_000), shape: [100, 100, 100] }))
  const reader = createVolumeReader({ retrieval: recording({ bomb }).retrieval, maxVolumeBytes: 10_000 })
  await expect(reader.fetchImage(volume({ nii: 'bomb' }))).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: expect.stringContaining('10000'),
  })
})

test('a broken file names its URL', async () => {
  const broken = gzipSync(file).subarray(0, 40)
  const reader = createVolumeReader({ retrieval: recording({ broken }).retrieval })
  await expect(reader.fetchImage(volume({ nii: 'broken' }))).rejects.toMatchObject({
    code: 'BAD_DATA',
    details: { url: 'broken' },
  })
})

test('a volume is read once while it is kept; many at once are read a few at a time', async () => {
  const files = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`${n}`, file]))
  const { asked, retrieval, mostAtOnce } = recording(files, () => new Promise((done) => setTimeout(done, 1)))
  const reader = createVolumeReader({ retrieval, maxConcurrentReads: 3, maxCachedBytes: 40 })
  await Promise.all([...Object.keys(files), '0', '0'].map((url) => reader.fetchImage(volume({ nii: url }))))
  expect(asked.length).toBe(16)
  expect(mostAtOnce()).toBe(3)
  expect(reader.stats().bytes).toBeLessThanOrEqual(40)
})

test('what is not to be kept is not kept', async () => {
  const { retrieval } = recording({ a: file })
  const reader = createVolumeReader({ retrieval })
  await reader.fetchImage(volume({ nii: 'a' }), { keep: false })
  expect(reader.stats().entries).toBe(0)
})

test('a part of a 4D volume, and one that it does not have', async () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  const reader = createVolumeReader({
    retrieval: recording({ a: encodeNifti({ ...image, data, shape: [2, 2, 1, 2] }) }).retrieval,
  })
  const part = await reader.fetchImage(volume({ nii: 'a' }, 1))
  expect(part.shape).toEqual([2, 2, 1])
  expect([...part.data]).toEqual([5, 6, 7, 8])
  await expect(reader.fetchImage(volume({ nii: 'a' }, 2))).rejects.toMatchObject({ code: 'BAD_DATA' })
})
