import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { MapIndex } from '../../../src/siibra/core/types.ts'
import { colourOfNumber } from '../../../src/siibra/pictures/colours.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { openMapZarr } from '../../../src/siibra/zarr/map-zarr.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume } from '../maps/fake-atlas.ts'

const image = (...values: number[]): Image => ({
  data: Uint8Array.from(values),
  dtype: 'uint8',
  shape: [values.length, 1, 1],
  voxelToWorldMm: identityAffine(),
})
const index = (label: number | null, volume = 0): MapIndex => ({ volume, label, fragment: null })
const parcellation = fakeParcellation({ a: {}, b: {}, c: {} })
for (const region of (parcellation as unknown as { regions: { name: string; rgb: string | null }[] }).regions)
  if (region.name === 'b') region.rgb = '#0102ff'

/** Labels with names and colours, and the first voxels of the first chunk. */
async function opened(core: Parameters<typeof openMapZarr>[0], map: Parameters<typeof openMapZarr>[1]) {
  const zarr = await openMapZarr(core, map)
  const { 'image-label': labels } = JSON.parse(Buffer.from(zarr.file('.zattrs')!).toString())
  return { labels, voxels: [...gunzipSync(zarr.file('0/0/0/0')!).subarray(0, 5)] }
}

const colours = (labels: number[], given: Record<number, readonly number[]> = {}) =>
  labels.map((label) => ({ 'label-value': label, rgba: [...(given[label] ?? colourOfNumber(label)), 255] }))

it('a map of one volume has the labels of its file, with colours of regions where these have them', async () => {
  const indices = { a: [index(4)], b: [index(7)], c: [index(null)], elsewhere: [], far: [index(9)] }
  const map = fakeMap({ parcellation, volumes: [fakeVolume('one')], indices })
  const { labels, voxels } = await opened(createFakeAtlas({ one: image(0, 4, 7, 7) }), map)
  expect(labels.colors).toEqual(colours([4, 7, 9], { 7: [1, 2, 255] }))
  expect(labels.properties).toEqual([
    { 'label-value': 4, name: 'a' },
    { 'label-value': 7, name: 'b' },
    { 'label-value': 9, name: 'far' },
  ])
  expect(voxels).toEqual([0, 4, 7, 7, 0])
})

it('a map of several volumes has its regions numbered from 1, and is joined once', async () => {
  const volumes = [fakeVolume('left'), fakeVolume('right')]
  const indices = { a: [index(4)], b: [index(4, 1)], c: [index(null)] }
  const space = { ...fakeSpace, volumes: [fakeVolume('template')] }
  const map = { ...fakeMap({ parcellation, volumes, indices }), space }
  const core = createFakeAtlas({ left: image(4, 0, 4, 0), right: image(0, 4, 4, 0), template: image(1, 1, 1, 1) }, [
    map,
  ])
  const { labels, voxels } = await opened(core, map)
  expect(labels.colors).toEqual(colours([1, 2, 3], { 2: [1, 2, 255] }))
  expect(voxels).toEqual([1, 2, 2, 0, 0])
  const asked = core.reads.length
  expect((await opened(core, map)).voxels).toEqual(voxels)
  expect(core.reads.length).toBe(asked)
})

it('a statistical map has none', async () => {
  const map = fakeMap({ volumes: [fakeVolume('one')], mapType: 'STATISTICAL', indices: {} })
  await expect(openMapZarr(createFakeAtlas({}), map)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
})

it('a map without volumes has none', async () => {
  const map = fakeMap({ volumes: [], indices: {} })
  await expect(openMapZarr(createFakeAtlas({}), map)).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
    message: "The map 'map' has no volumes",
  })
})
