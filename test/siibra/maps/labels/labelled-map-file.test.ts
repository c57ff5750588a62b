import { gunzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { fetchLabelledMapFile } from '../../../../src/siibra/maps/labels/labelled-map-file.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { createFakeAtlas, fakeMap, fakeSpace, fakeVolume } from '../fake-atlas.ts'

const row = (values: number[]): Image => ({
  data: Uint8Array.from(values),
  dtype: 'uint8',
  shape: [3, 1, 1],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
})
const sent = Uint8Array.of(1, 2, 3)

/** An atlas that has `file` as it was sent, if any. */
function start(file?: Uint8Array) {
  const atlas = createFakeAtlas({ a: row([1, 0, 0]), b: row([0, 0, 1]), template: row([1, 1, 1]) })
  const fetchImage = vi.fn(atlas.volumes.fetchImage)
  return { ...atlas, volumes: { ...atlas.volumes, fetchImage, fetchFile: async () => file } }
}
const mapOf = (names: string[]) => {
  const indices = names.map((name, volume) => [name, [{ volume, label: 1, fragment: null }]])
  const map = fakeMap({ volumes: names.map((name) => fakeVolume(name)), indices: Object.fromEntries(indices) })
  return Object.assign(map, { space: { ...fakeSpace, volumes: [fakeVolume('template')] } })
}

test('a map of one volume is sent as it came where it can be, else written anew; its voxels are not kept', async () => {
  expect(await fetchLabelledMapFile(start(sent), mapOf(['a']))).toBe(sent)
  const atlas = start()
  const map = mapOf(['a'])
  const written = await fetchLabelledMapFile(atlas, map)
  expect(gunzipSync(written)).toEqual(Buffer.from(encodeNifti(row([1, 0, 0]))))
  expect(atlas.volumes.fetchImage.mock.calls.map(([, options]) => options?.keep)).toEqual([false])
  expect(await fetchLabelledMapFile(atlas, map)).toBe(written)
})

test('one of several volumes is none of them', async () => {
  const written = await fetchLabelledMapFile(start(sent), mapOf(['a', 'b']))
  expect(gunzipSync(written)).toEqual(Buffer.from(encodeNifti(row([1, 0, 2]))))
})

test('a map without volumes is not there', async () => {
  await expect(fetchLabelledMapFile(start(sent), mapOf([]))).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
})
