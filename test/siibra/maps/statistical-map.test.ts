import { expect, test } from 'vitest'
import { SiibraError } from '../../../src/siibra/errors.ts'
import { loadSparseIndex } from '../../../src/siibra/maps/sparse/load-sparse-index.ts'
import { fetchStatisticalMap, imageRange } from '../../../src/siibra/maps/statistical-map.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeVolume } from './fake-atlas.ts'

const affine = (x = 0) => Float64Array.of(1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
const image = (data: number[], x = 0): Image => ({
  data: Float64Array.from(data),
  dtype: 'float64',
  shape: [2, 2, data.length / 4],
  voxelToWorldMm: affine(x),
})
const images = { a: image([0, 0.25, -1, 0, 0, 0, 0, 0]), b: image([0, 0.5, 0, 0.75, 0, 0, 0, 0]) }
const parcellation = fakeParcellation({ 'area a': {}, 'area b': {}, 'area c': {} })
const index = (volume: number) => [{ volume, label: null, fragment: null }]
const map = (isSparse: boolean, volumes = [fakeVolume('a'), fakeVolume('b')]) =>
  fakeMap({
    parcellation,
    mapType: 'STATISTICAL',
    isSparse,
    volumes,
    indices: { 'area a': index(0), 'area b': index(1) },
  })

test('a sparse map keeps positive values, as float32; one file is read', async () => {
  const atlas = createFakeAtlas(images)
  const found = await fetchStatisticalMap(atlas, map(true), 'area a')
  expect(found.dtype).toBe('float32')
  expect([...found.data]).toEqual([0, 0.25, 0, 0, 0, 0, 0, 0])
  expect(atlas.reads).toEqual(['a'])
})

test('another statistical map is its volume', async () => {
  const found = await fetchStatisticalMap(createFakeAtlas(images), map(false), 'area a')
  expect(found.dtype).toBe('float64')
  expect(await imageRange(found)).toEqual({ min: -1, max: 0.25 })
})

test('the sparse index has the values of all volumes by voxel, and reads each file once', async () => {
  const atlas = createFakeAtlas(images)
  const sparse = await loadSparseIndex(atlas, map(true))
  expect([...sparse.voxel]).toEqual([1, 3])
  expect([...sparse.start]).toEqual([0, 2, 3])
  expect([...sparse.volume]).toEqual([0, 1, 1])
  expect([...sparse.value]).toEqual([0.25, 0.5, 0.75])
  expect(sparse.volumes[1]).toEqual({
    count: 2,
    sum: 1.25,
    sumSquares: 0.8125,
    max: 0.75,
    bounds: { low: [1, 0, 0], high: [1, 1, 0] },
  })
  await loadSparseIndex(atlas, map(true))
  expect(atlas.reads).toEqual(['a', 'b'])
})

test('parts of a 4D file: one pass makes the index, which then gives single maps', async () => {
  const whole: Image = {
    ...images.a,
    data: Float64Array.from([...images.a.data, ...images.b.data]),
    shape: [2, 2, 2, 2],
  }
  const atlas = createFakeAtlas({ whole })
  const volumes = [0, 1].map((z) => ({ ...fakeVolume('whole'), z }))
  const alone = await fetchStatisticalMap(atlas, map(true, volumes), 'area b')
  expect((await loadSparseIndex(atlas, map(true, volumes))).value.length).toBe(3)
  expect(atlas.reads).toEqual(['whole', 'whole'])
  expect(await fetchStatisticalMap(atlas, map(true, volumes), 'area b')).toEqual(alone)
  expect(atlas.reads).toEqual(['whole', 'whole'])
  expect([...alone.data]).toEqual([...images.b.data].map((value) => (value > 0 ? Math.fround(value) : 0)))
  expect([...(await fetchStatisticalMap(atlas, map(false, volumes), 'area b')).data]).toEqual([...images.b.data])
})

test('an index that takes longer than somebody waits is built all the same', async () => {
  const atlas = createFakeAtlas(images)
  let arrive = () => {}
  const late = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const { bytes } = atlas.retrieval
  atlas.retrieval.bytes = async (url, options) => {
    if (url === 'b') await late
    return bytes(url, options)
  }
  await expect(loadSparseIndex(atlas, map(true), { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/[01] of 2 volumes/),
    details: { volumes: 2, retryAfterS: expect.any(Number) },
  })
  const leaving = new AbortController()
  const left = loadSparseIndex(atlas, map(true), { signal: leaving.signal })
  leaving.abort()
  await expect(left).rejects.toMatchObject({ code: 'ABORTED' })
  arrive()
  expect((await loadSparseIndex(atlas, map(true))).volumes.length).toBe(2)
  expect(atlas.reads).toEqual(['a', 'b'])
})

test('a volume of other voxels is left out of the index, which says what differs', async () => {
  const index = await loadSparseIndex(createFakeAtlas({ a: images.a, b: image([0, 0, 0, 1], 5) }), map(true))
  expect([...index.value]).toEqual([0.25])
  const [missing] = index.missing
  expect(missing).toMatchObject({ volume: 1, error: { code: 'BAD_DATA' } })
  expect(missing?.error.message).toContain('2 x 2 x 2 and 2 x 2 x 1 voxels')
  const shifted = await loadSparseIndex(
    createFakeAtlas({ ...images, b: { ...images.b, voxelToWorldMm: affine(0.5) } }),
    map(true),
  )
  expect(shifted.missing[0]?.error.message).toContain('corners 0.5 mm apart, with voxels of 1 mm')
})

test('affines that differ by rounding are one grid', async () => {
  const b = { ...images.b, voxelToWorldMm: affine(1e-6) }
  const index = await loadSparseIndex(createFakeAtlas({ a: images.a, b }), map(true))
  expect([...index.value]).toEqual([0.25, 0.5, 0.75])
  expect(index.missing).toEqual([])
})

test('a region without a map, and several that are meant', async () => {
  const atlas = createFakeAtlas(images)
  await expect(fetchStatisticalMap(atlas, map(true), 'area c')).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  await expect(fetchStatisticalMap(atlas, map(true), 'area')).rejects.toMatchObject({
    code: 'AMBIGUOUS',
    details: { candidates: expect.arrayContaining(['area a', 'area b']) },
  })
})

test('a value that float32 cannot hold is no value', async () => {
  const atlas = createFakeAtlas({ a: image([1e-60, 0.25, 0, 0]) })
  const index = await loadSparseIndex(atlas, map(true, [fakeVolume('a')]))
  expect([[...index.voxel], [...index.value]]).toEqual([[1], [0.25]])
})

test('the range of a map is of its finite values', async () => {
  const range = (values: number[]) => imageRange(image(values))
  const mixed = [Number.NaN, Number.POSITIVE_INFINITY, 0.5, Number.NEGATIVE_INFINITY]
  expect(await range(mixed)).toEqual({ min: 0.5, max: 0.5 })
  await expect(range([Number.NaN, Number.NaN, Number.NaN, Number.POSITIVE_INFINITY])).rejects.toThrow('finite')
})

test('a volume of a file of many is taken from the index where that has it; one of its own file is read', async () => {
  const atlas = createFakeAtlas({})
  const error = new SiibraError('UPSTREAM_UNAVAILABLE', 'gone')
  const summary = { count: 1, sum: 5, sumSquares: 25, max: 5, bounds: { low: [1, 0, 0], high: [1, 0, 0] } }
  const index = {
    shape: [2, 1, 1],
    voxelToWorldMm: new Float64Array(16),
    voxel: Uint32Array.of(1),
    start: Uint32Array.of(0, 1),
    volume: Uint16Array.of(0),
    value: Float32Array.of(5),
    volumes: [summary, { ...summary, count: 0 }],
  }
  const fetch = (z: number | null, missing: number[]) => {
    const volumes = ['a', 'b'].map((name) => ({ ...fakeVolume(name), z }))
    const indices = { a: [{ volume: 0, label: null, fragment: null }] }
    const map = fakeMap({ mapType: 'STATISTICAL', isSparse: true, volumes, indices })
    const peek = () => ({ ...index, missing: missing.map((volume) => ({ volume, error })) })
    return fetchStatisticalMap({ ...atlas, volumes: { ...atlas.volumes, peek } }, map, 'a')
  }
  for (const missing of [[], [1]]) expect([...(await fetch(0, missing)).data]).toEqual([0, 5])
  for (const [z, missing] of [
    [null, []],
    [0, [0]],
  ] as const)
    await expect(fetch(z, [...missing])).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
})
