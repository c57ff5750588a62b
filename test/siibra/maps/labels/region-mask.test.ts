import { expect, test } from 'vitest'
import { subtree } from '../../../../src/siibra/core/tree.ts'
import type { ParcellationMap, Region } from '../../../../src/siibra/core/types.ts'
import { SiibraError } from '../../../../src/siibra/errors.ts'
import type { Extent } from '../../../../src/siibra/maps/labels/extent.ts'
import {
  fetchRegionMask,
  findMaskParts,
  findRegionMask,
  maskImage,
} from '../../../../src/siibra/maps/labels/region-mask.ts'
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

test('a fragment is a part of the name of one; a region without one lies in all of a volume', async () => {
  const whole = fakeMap({
    parcellation,
    volumes: map.volumes,
    indices: { a: [{ volume: 0, label: 1, fragment: null }] },
  })
  for (const [maps, name] of [
    [[map], 'a'],
    [[whole], 'a'],
  ] as const) {
    const ofFragment = async (fragment: string) =>
      voxelsOf(
        maskImage(
          await fetchRegionMask(createFakeAtlas({ left, right }, [...maps]), region(name), fakeSpace, { fragment }),
        ),
      )
    expect(await ofFragment('LEFT')).toEqual([0, 1])
    expect(await ofFragment('right')).toEqual([3])
    expect(await ofFragment('hemisphere')).toEqual([0, 1, 3])
    await expect(ofFragment('middle')).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "Fragment 'middle' is not one of left hemisphere, right hemisphere",
      details: { parameter: 'fragment', allowed: ['left hemisphere', 'right hemisphere'] },
    })
  }
  const atlas = createFakeAtlas({ nested: nestedImage }, [nestedMap])
  await expect(fetchRegionMask(atlas, inNested('drawn'), fakeSpace, { fragment: 'left' })).rejects.toThrow(
    "Fragment 'left' is asked of a map without fragments",
  )
})

test('a region is drawn by labelled maps of its parcellation in the space that have voxels', async () => {
  const indices = { drawn: [{ volume: 0, label: 3, fragment: null }] }
  const drawing = { ...nestedMap, indices: new Map(Object.entries(indices)) }
  const others = [
    { ...drawing, mapType: 'STATISTICAL' as const },
    { ...drawing, space: { ...fakeSpace, id: 'other' } },
    { ...drawing, parcellation: fakeParcellation({}) as never },
    { ...drawing, volumes: [{ ...fakeVolume('nested'), providers: { 'gii-label': 'surface' } }] },
    { ...drawing, indices: new Map([['drawn', []]]) },
  ]
  const maskOf = async (maps: ParcellationMap[]) =>
    findRegionMask(createFakeAtlas({ nested: nestedImage }, maps), inNested('drawn'), fakeSpace)
  for (const other of others) expect(await maskOf([other])).toBeUndefined()
  const mask = await maskOf([...others.slice(0, 4), { ...nestedMap, mapType: 'LABELLED' }])
  expect(mask && voxelsOf(maskImage(mask))).toEqual([3])
})

test('it is said what is not drawn', async () => {
  const messageOf = (name: string) => `There is no mask of '${name}' in 'space': `
  await expect(voxelsOfExtent('nothing')).rejects.toThrow(`${messageOf('nothing')}it is not drawn by a labelled map`)
  await expect(voxelsOfExtent('scattered')).rejects.toThrow(`${messageOf('scattered')}it is not drawn`)
  // the part has a map, which has no labels
  const statistical = { ...nestedMap, mapType: 'STATISTICAL' as const, indices: new Map([['nothing', []]]) }
  const atlas = createFakeAtlas({ nested: nestedImage }, [statistical, nestedMap])
  await expect(fetchRegionMask(atlas, inNested('bare'), fakeSpace)).rejects.toThrow(
    `${messageOf('bare')}its part 'nothing' is not drawn`,
  )
})

test('what fails for another reason is no region without a mask', async () => {
  const broken = { ...createFakeAtlas({}), maps: {} as { readonly all: never } }
  for (const error of [new SiibraError('INTERNAL', 'it broke'), new TypeError('it broke')]) {
    Object.defineProperty(broken.maps, 'all', {
      configurable: true,
      get: () => {
        throw error
      },
    })
    expect(() => findMaskParts(broken as never, region('a'), fakeSpace, 'parts')).toThrow(error)
    await expect(findRegionMask(broken as never, region('a'), fakeSpace)).rejects.toBe(error)
  }
})
