import { expect, test } from 'vitest'
import { subtree } from '../../../../src/siibra/core/tree.ts'
import type { Region } from '../../../../src/siibra/core/types.ts'
import type { Extent } from '../../../../src/siibra/maps/labels/extent.ts'
import { fetchRegionMask, maskImage } from '../../../../src/siibra/maps/labels/region-mask.ts'
import { regionSpatialProps } from '../../../../src/siibra/maps/labels/region-props.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume } from '../fake-atlas.ts'

const voxelToWorldMm = Float64Array.of(2, 0, 0, -10, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
const image = (data: number[], affine = voxelToWorldMm, shape = [4, 2, 2]): Image => ({
  data: Uint8Array.from(data),
  dtype: 'uint8',
  shape,
  voxelToWorldMm: affine,
})

const left = image([1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
const right = image([0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2])
const parcellation = fakeParcellation({
  a: { 'a left': {}, 'a right': {} },
  b: { 'b left': {}, 'b right': {}, 'b mesh': {} },
})
const map = fakeMap({
  parcellation,
  volumes: [fakeVolume({ 'left hemisphere': 'left', 'right hemisphere': 'right' })],
  indices: {
    'a left': [{ volume: 0, label: 1, fragment: 'left hemisphere' }],
    'a right': [{ volume: 0, label: 1, fragment: 'right hemisphere' }],
    'b left': [{ volume: 0, label: 2, fragment: 'left hemisphere' }],
    'b right': [{ volume: 0, label: 2, fragment: 'right hemisphere' }],
  },
})
const region = (name: string): Region => {
  const find = (node: Region): Region | undefined =>
    node.name === name ? node : node.children.map(find).find((found) => found !== undefined)
  return find(parcellation)!
}
const create = () => createFakeAtlas({ left, right }, [map])
const voxelsOf = ({ data }: Image) => [...data].flatMap((value, at) => (value ? [at] : []))

test('a region that the map draws', async () => {
  const mask = maskImage(await fetchRegionMask(create(), region('b right'), fakeSpace))
  expect(mask.dtype).toBe('uint8')
  expect(mask.shape).toEqual([4, 2, 2])
  expect(voxelsOf(mask)).toEqual([7, 15])
})

test('a parent is all of its children, over fragments; each file is read once', async () => {
  const atlas = create()
  expect(voxelsOf(maskImage(await fetchRegionMask(atlas, region('a'), fakeSpace)))).toEqual([0, 1, 3])
  expect(atlas.reads.sort()).toEqual(['left', 'right'])
})

test('a parent with a child that is nowhere has no mask', async () => {
  await expect(fetchRegionMask(create(), region('b'), fakeSpace)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  expect(await regionSpatialProps(create(), region('b'), fakeSpace)).toEqual([])
})

test('components: largest first, in mm; the second question reads nothing', async () => {
  const atlas = create()
  expect(await regionSpatialProps(atlas, region('a'), fakeSpace)).toEqual([
    { centroidMm: [-9, 0, 0], volumeMm3: 16 },
    { centroidMm: [-4, 0, 0], volumeMm3: 8 },
  ])
  const { length } = atlas.reads
  await regionSpatialProps(atlas, region('a'), fakeSpace)
  expect(atlas.reads.length).toBe(length)
})

test('children in different voxels: the mask has those of the first', async () => {
  const finer = Float64Array.of(1, 0, 0, -10.5, 0, 1, 0, -0.5, 0, 0, 1, -0.5, 0, 0, 0, 1)
  const fine = image(
    Array.from({ length: 8 * 4 * 4 }, (_, at) => (at % 8 >= 6 ? 1 : 0)),
    finer,
    [8, 4, 4],
  )
  const separate = fakeMap({
    parcellation,
    volumes: [fakeVolume('left'), fakeVolume('fine')],
    indices: {
      'a left': [{ volume: 0, label: 1, fragment: null }],
      'a right': [{ volume: 1, label: 1, fragment: null }],
    },
  })
  const mask = await fetchRegionMask(createFakeAtlas({ left, fine }, [separate]), region('a'), fakeSpace)
  expect(mask.shape).toEqual([4, 2, 2])
  expect(voxelsOf(maskImage(mask))).toEqual([0, 1, 3, 7, 11, 15])
})

const nested = fakeParcellation({
  whole: { inner: { deep: {} }, outer: {} },
  scattered: { drawn: {}, nowhere: {} },
  bare: { nothing: {} },
})
const nestedImage = image([1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
const nestedMap = fakeMap({
  parcellation: nested,
  volumes: [fakeVolume('nested')],
  indices: Object.fromEntries(
    ['whole', 'deep', 'outer', 'drawn'].map((name, n) => [name, [{ volume: 0, label: n + 1, fragment: null }]]),
  ),
})
const inNested = (name: string) => subtree(nested).find((one) => one.name === name) as Region
const voxelsOfExtent = async (name: string, extent?: Extent) => {
  const atlas = createFakeAtlas({ nested: nestedImage }, [nestedMap])
  return voxelsOf(maskImage(await fetchRegionMask(atlas, inNested(name), fakeSpace, { extent })))
}

test('a region that the map draws contains its drawn parts, at any depth, unless its own label is asked for', async () => {
  expect(await voxelsOfExtent('whole')).toEqual([0, 1, 2])
  expect(await voxelsOfExtent('whole', 'parts')).toEqual([0, 1, 2])
  expect(await voxelsOfExtent('whole', 'own')).toEqual([0])
  expect(await voxelsOfExtent('whole', 'drawn')).toEqual([0, 1, 2])
  expect(await voxelsOfExtent('inner', 'own')).toEqual([1])
})

test('a region that the map does not draw needs all of its children, unless what is drawn of it is asked for', async () => {
  for (const extent of [undefined, 'parts', 'own'] as const) {
    await expect(voxelsOfExtent('scattered', extent)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  }
  expect(await voxelsOfExtent('scattered', 'drawn')).toEqual([3])
  await expect(voxelsOfExtent('bare', 'drawn')).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
})

test('centres are of what the extent says; each is kept for itself', async () => {
  const atlas = createFakeAtlas({ nested: nestedImage }, [nestedMap])
  const sizes = async (name: string, extent: Extent) =>
    (await regionSpatialProps(atlas, inNested(name), fakeSpace, { extent })).map(({ volumeMm3 }) => volumeMm3 / 8)
  expect(await sizes('whole', 'own')).toEqual([1])
  expect(await sizes('whole', 'parts')).toEqual([3])
  expect(await sizes('scattered', 'parts')).toEqual([])
  expect(await sizes('scattered', 'drawn')).toEqual([1])
})
