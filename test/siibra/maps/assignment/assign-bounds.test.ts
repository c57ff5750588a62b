import { expect, test } from 'vitest'
import { SiibraError } from '../../../../src/siibra/errors.ts'
import { assignPoint } from '../../../../src/siibra/maps/assignment/assign.ts'
import { assignExactPoints } from '../../../../src/siibra/maps/assignment/assign-many.ts'
import { gapOf } from '../../../../src/siibra/maps/assignment/assignment.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeSpace, fakeVolume } from '../fake-atlas.ts'

/** Voxels of 1 mm, the first at the origin. */
const cube = (values: Record<number, number>, size = 3): Image => ({
  data: Float32Array.from({ length: size ** 3 }, (_, at) => values[at] ?? 0),
  dtype: 'float32',
  shape: [size, size, size],
  voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
})
const at = (mm: number, sigmaMm = 0) => ({ coordinateMm: [mm, mm, mm] as const, sigmaMm, spaceId: fakeSpace.id })
const drawn = (volume: number, label: number | null) => [{ volume, label, fragment: null }]

test('the first voxel of a map is one as all others', async () => {
  const atlas = createFakeAtlas({ a: cube({ 0: 5, 26: 7 }) })
  const volumes = [fakeVolume('a')]
  for (const map of [
    fakeMap({ volumes, indices: { a: drawn(0, 5), b: drawn(0, 7) } }),
    fakeMap({ volumes, mapType: 'STATISTICAL', indices: { a: drawn(0, null) } }),
    fakeMap({ volumes, mapType: 'STATISTICAL', isSparse: true, indices: { a: drawn(0, null) } }),
  ]) {
    expect(await assignPoint(atlas, map, at(0))).toMatchObject([{ region: 'a', mapValue: 5 }])
    const { point, value } = await assignExactPoints(atlas, map, Float64Array.of(2, 2, 2, 0, 0, 0, 1, 1, 1))
    expect([[...point], [...value]]).toEqual([
      [0, 1],
      [7, 5],
    ])
  }
})

test('points are as many as they are: each is hit once, whatever block it is in', async () => {
  const map = fakeMap({ volumes: [fakeVolume('a')], indices: { a: drawn(0, 5) } })
  const points = new Float64Array(3 * (2 ** 15 + 2)).fill(Number.NaN)
  // more than there is room for at first, and the first two of the second block
  const inside = [...Array.from({ length: 9000 }, (_, n) => 3 * n), 2 ** 15, 2 ** 15 + 1]
  for (const point of inside) points.fill(0, 3 * point, 3 * point + 3)
  const { point, place, value, places } = await assignExactPoints(createFakeAtlas({ a: cube({ 0: 5 }) }), map, points)
  expect([...point].join()).toBe(inside.join())
  expect(place.every((one) => one === 0) && value.every((one) => one === 5)).toBe(true)
  expect(places).toEqual(drawn(0, 5))
})

test('a Gaussian of which one voxel is in the map says nothing', async () => {
  const atlas = createFakeAtlas({ a: cube({ 0: 1, 13: 1 }) })
  const map = fakeMap({
    volumes: [fakeVolume('a')],
    mapType: 'STATISTICAL',
    isSparse: true,
    indices: { a: drawn(0, null) },
  })
  expect(await assignPoint(atlas, map, at(-9, 3))).toEqual([])
  expect(await assignPoint(atlas, map, at(-8, 3))).toHaveLength(1)
})

test('an uncertain point is compared with the labels of each volume alone', async () => {
  const atlas = createFakeAtlas({ a: cube({ 0: 1, 1: 2 }), b: cube({ 0: 2 }) })
  const map = fakeMap({ volumes: [fakeVolume('a'), fakeVolume('b')], indices: { a: drawn(0, 1), b: drawn(1, 2) } })
  const rows = await assignPoint(atlas, map, at(1, 3))
  expect(rows.map(({ region, volume, mapValue }) => [region, volume, mapValue])).toEqual([
    ['a', 0, 1],
    ['b', 1, 2],
  ])
})

test('a labelled map is not answered in part; a statistical one of no volumes has no rows', async () => {
  const atlas = createFakeAtlas({ a: cube({ 0: 1 }) })
  const volumes = [fakeVolume('a'), fakeVolume('gone')]
  const labelled = fakeMap({ volumes, indices: { a: drawn(0, 1), b: drawn(1, 1) } })
  await expect(assignPoint(atlas, labelled, at(0))).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  const statistical = fakeMap({ volumes, mapType: 'STATISTICAL', indices: { a: drawn(0, null), b: drawn(1, null) } })
  const gaps: unknown[] = []
  expect(await assignPoint(atlas, statistical, at(0), { gaps: gaps as never })).toMatchObject([{ region: 'a' }])
  expect(gaps).toMatchObject([{ regions: ['b'], isTemporary: true }])
  const gone = fakeMap({ volumes: volumes.slice(1), mapType: 'STATISTICAL', indices: { b: drawn(0, null) } })
  await expect(assignPoint(atlas, gone, at(0))).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  const none = fakeMap({ volumes: [], mapType: 'STATISTICAL', indices: { a: drawn(0, null) } })
  expect(await assignPoint(atlas, none, at(0))).toEqual([])
})

test('a gap closes some day, unless it is of what is not read', () => {
  const map = fakeMap({ volumes: [fakeVolume('a')], mapType: 'STATISTICAL', indices: { a: drawn(0, null) } })
  const isTemporary = (code: 'UNSUPPORTED' | 'BAD_DATA') =>
    gapOf(map, { volume: 0, error: new SiibraError(code, 'why') }).isTemporary
  expect([isTemporary('UNSUPPORTED'), isTemporary('BAD_DATA')]).toEqual([false, true])
})
