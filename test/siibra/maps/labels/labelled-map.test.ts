import { expect, test, vi } from 'vitest'
import { fetchLabelledMap } from '../../../../src/siibra/maps/labels/labelled-map.ts'
import { fetchResampledTemplate } from '../../../../src/siibra/maps/templates/resampled-template.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeSpace, fakeVolume } from '../fake-atlas.ts'

const at = (x: number) => Float64Array.of(1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
const row = (data: number[], x = 0): Image => ({
  data: Int16Array.from(data),
  dtype: 'int16',
  shape: [data.length, 1, 1],
  voxelToWorldMm: at(x),
})
const index = (volume: number, label: number) => [{ volume, label, fragment: null }]

test('a map of one volume is that volume', async () => {
  const map = fakeMap({ volumes: [fakeVolume('labels')], indices: { a: index(0, 7) } })
  const image = await fetchLabelledMap(createFakeAtlas({ labels: row([0, 7, 7]) }), map)
  expect([...image.data]).toEqual([0, 7, 7])
  expect(image.dtype).toBe('int16')
})

test('fragments are merged, or one of them is chosen', async () => {
  const volumes = [fakeVolume({ 'left hemisphere': 'left', 'right hemisphere': 'right' })]
  const map = fakeMap({ volumes, indices: { a: [{ volume: 0, label: 1, fragment: 'left hemisphere' }] } })
  const atlas = createFakeAtlas({ left: row([1, 2, 0], -3), right: row([0, 5, 6], 1) })
  const merged = await fetchLabelledMap(atlas, map)
  expect([...merged.data]).toEqual([1, 2, 0, 0, 0, 5, 6])
  expect([...merged.voxelToWorldMm]).toEqual([...at(-3)])
  expect([...(await fetchLabelledMap(atlas, map, { fragment: 'left' })).data]).toEqual([1, 2, 0])
  await expect(fetchLabelledMap(atlas, map, { fragment: 'hemisphere' })).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    details: { allowed: ['left hemisphere', 'right hemisphere'] },
  })
})

test('several volumes are joined in the voxels of the template, labelled in the order of the regions', async () => {
  const map = fakeMap({
    volumes: [fakeVolume('first'), fakeVolume('second')],
    indices: { a: index(0, 7), b: index(1, 1), c: index(0, 9) },
  })
  const atlas = createFakeAtlas({
    first: row([7, 7, 9], 1),
    second: row([1, 1, 1], 2),
    template: row([1, 2, 3, 4, 5, 6]),
  })
  map.space = { ...fakeSpace, volumes: [fakeVolume('template')] }
  const image = await fetchLabelledMap(atlas, map)
  expect([...image.data]).toEqual([0, 1, 2, 3, 2, 0])
  expect(image.dtype).toBe('uint8')
})

test.each([
  { regions: 255, dtype: 'uint8' },
  { regions: 256, dtype: 'uint16' },
])('a map of $regions regions in several volumes has labels of $dtype; none of its volumes is kept', async (of) => {
  const names = Array.from({ length: of.regions - 3 }, (_, n) => `of 7: ${n}`)
  const map = fakeMap({
    volumes: [fakeVolume('first'), fakeVolume('second')],
    indices: {
      'drawn nowhere': [],
      'without a label': [{ volume: 0, label: null, fragment: null }],
      ...Object.fromEntries(names.map((name) => [name, index(0, 7)])),
      last: index(1, 1),
    },
  })
  const atlas = createFakeAtlas({ first: row([7, 0, 9]), second: row([0, 1, 0]), template: row([1, 1, 1]) })
  map.space = { ...fakeSpace, volumes: [fakeVolume('template')] }
  const fetchImage = vi.fn(atlas.volumes.fetchImage)
  const image = await fetchLabelledMap({ ...atlas, volumes: { ...atlas.volumes, fetchImage } }, map)
  expect(image.dtype).toBe(of.dtype)
  expect([...image.data]).toEqual([of.regions - 1, of.regions, 0])
  const kept = fetchImage.mock.calls.map(([volume, options]) => [volume.providers.nii, options?.keep ?? true])
  expect(kept).toEqual([
    ['template', true],
    ['first', false],
    ['second', false],
  ])
})

test('the template in the voxels of a map', async () => {
  const map = fakeMap({ volumes: [fakeVolume('labels')], indices: { a: index(0, 1) } })
  map.space = { ...fakeSpace, volumes: [fakeVolume('template')] }
  const atlas = createFakeAtlas({ labels: row([0, 1], 2), template: row([0, 10, 20, 30, 40]) })
  const image = await fetchResampledTemplate(atlas, map)
  expect(image.dtype).toBe('float32')
  expect(image.shape).toEqual([2, 1, 1])
  expect([...image.voxelToWorldMm]).toEqual([...at(2)])
  expect([...image.data].map(Math.round)).toEqual([20, 30])
})

test('a space without a template says so', async () => {
  const map = fakeMap({ volumes: [fakeVolume('labels')], indices: { a: index(0, 1) } })
  await expect(fetchResampledTemplate(createFakeAtlas({ labels: row([1]) }), map)).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
  })
})
