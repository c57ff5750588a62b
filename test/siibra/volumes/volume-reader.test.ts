import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { createVolumeReader } from '../../../src/siibra/volumes/volume-reader.ts'
import { fromBase64, readJsonFixture } from './fixtures.ts'
import { recording, volumeOf as volume } from './recording.ts'

const image: Image = {
  data: Uint8Array.of(1, 2, 3, 4),
  dtype: 'uint8',
  shape: [2, 2, 1],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
}
const file = encodeNifti(image)
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

/** The same voxels, so many mm further along x. */
const movedBy = (mm: number, data = image.data) => {
  const voxelToWorldMm = image.voxelToWorldMm.slice()
  voxelToWorldMm[3] = mm
  return encodeNifti({ ...image, data, voxelToWorldMm })
}

test('a fourth axis is left out where it has one volume, and only there', async () => {
  const of = (shape: number[], data = image.data) => encodeNifti({ ...image, data, shape })
  const files = { flat: file, one: of([2, 2, 1, 1]), two: of([2, 1, 1, 2]) }
  const reader = createVolumeReader({ retrieval: recording(files).retrieval })
  const shapeOf = async (nii: string) => (await reader.fetchImage(volume({ nii }))).shape
  expect([await shapeOf('flat'), await shapeOf('one'), await shapeOf('two')]).toEqual([
    [2, 2, 1],
    [2, 2, 1],
    [2, 1, 1, 2],
  ])
})

test('of fragments that are merged, the whole is kept and no part of it', async () => {
  const { asked, retrieval } = recording({ l: file, r: movedBy(2, Uint8Array.of(5, 6, 7, 8)) })
  const reader = createVolumeReader({ retrieval })
  const sides = volume({ nii: { left: 'l', right: 'r' } })
  const merged = await reader.fetchImage(sides)
  expect([...merged.data]).toEqual([1, 2, 5, 6, 3, 4, 7, 8])
  expect(reader.stats()).toMatchObject({ entries: 1, bytes: 8 })
  await reader.fetchImage(sides)
  expect(asked).toEqual(['l', 'r'])
  await reader.fetchImage(sides, { fragment: 'right' })
  expect(reader.stats()).toMatchObject({ entries: 2, bytes: 12 })
})

test('the grid of a file is read once and takes little; of fragments it is the one around all', async () => {
  const { asked, retrieval } = recording({
    l: file,
    r: movedBy(2),
    many: encodeNifti({ ...image, data: new Uint8Array(8), shape: [2, 2, 1, 2] }),
  })
  const reader = createVolumeReader({ retrieval })
  expect(await reader.fetchGrid(volume({ nii: 'l' }))).toEqual({
    shape: [2, 2, 1],
    voxelToWorldMm: image.voxelToWorldMm,
  })
  expect(await reader.fetchGrid(volume({ nii: 'many' }, 1))).toMatchObject({ shape: [2, 2, 1] })
  expect(await reader.fetchGrid(volume({ nii: { left: 'l', right: 'r' } }))).toMatchObject({ shape: [4, 2, 1] })
  expect(await reader.fetchGrid(volume({ nii: { left: 'l', right: 'r' } }), { fragment: 'r' })).toMatchObject({
    shape: [2, 2, 1],
  })
  expect(asked).toEqual(['l', 'many', 'r'])
  expect(reader.stats()).toMatchObject({ entries: 3, bytes: 3 * 256 })
})

test('the grid of what comes in chunks is that of its voxels, which are kept', async () => {
  const mgh = fromBase64(readJsonFixture<{ name: string; file: string }[]>('mgh.json')[0]!.file)
  const { asked, retrieval } = recording({ mgh })
  const reader = createVolumeReader({ retrieval })
  const { shape } = await reader.fetchGrid(volume({ mgh: 'mgh' }))
  expect((await reader.fetchImage(volume({ mgh: 'mgh' }))).shape).toEqual(shape)
  expect(asked).toEqual(['mgh'])
})

test('the file of a volume, as it was sent, where it is one file that is an answer already', async () => {
  const sent = gzipSync(file)
  const { asked, retrieval } = recording({ sent, plain: file })
  const reader = createVolumeReader({ retrieval })
  expect(await reader.fetchFile(volume({ nii: 'sent' }))).toBe(sent)
  expect(reader.stats().bytes).toBe(256 + sent.length)
  expect(await reader.fetchFile(volume({ nii: 'plain' }))).toBeUndefined()
  expect(reader.stats().bytes).toBe(512 + sent.length)
  expect(await reader.fetchFile(volume({ nii: { left: 'sent', right: 'plain' } }))).toBeUndefined()
  expect(await reader.fetchFile(volume({ mgh: 'sent' }))).toBeUndefined()
  expect(await reader.fetchFile(volume({ nii: { left: 'sent', right: 'plain' } }), { fragment: 'left' })).toBe(sent)
  expect(asked).toEqual(['sent', 'plain'])
})

test('by default 512 MiB are kept and computed with at a time', async () => {
  const reader = createVolumeReader({ retrieval: recording({}).retrieval })
  const free = await reader.takeMemory(512 * 1024 ** 2 - 1)
  const freeLast = await reader.takeMemory(1)
  expect(reader.stats().bytes).toBe(512 * 1024 ** 2)
  let isTaken = false
  const next = reader.takeMemory(1).then(() => {
    isTaken = true
  })
  await new Promise(setImmediate)
  expect(isTaken).toBe(false)
  freeLast()
  await next
  free()
  expect(reader.stats().bytes).toBe(1)
})

test('what is made of volumes is kept, looked at and let go', async () => {
  const reader = createVolumeReader({ retrieval: recording({}).retrieval })
  const made = { of: 'volumes' }
  expect(
    await reader.keep(
      'key',
      () => 7,
      async () => made,
    ),
  ).toBe(made)
  expect([reader.peek('key'), reader.peek('other'), reader.stats().bytes]).toEqual([made, undefined, 7])
  reader.forget('key')
  expect(reader.peek('key')).toBeUndefined()
})
