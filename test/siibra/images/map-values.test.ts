/** Values of an image by what maps draw. */
import { describe, expect, it } from 'vitest'
import { createImageValues } from '../../../src/siibra/images/image-values.ts'
import { createSlices } from '../../../src/siibra/slices.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeVolume } from '../maps/fake-atlas.ts'
import { atlas, index, map, parcellation, SHAPE, values } from './drawn-maps.ts'

describe('values of an image by region', () => {
  const image = values(Array.from({ length: 24 }, (_, at) => at))
  const options = { grid: image, reduction: 'mean', target: 'data', slices: createSlices() } as const

  it('of a labelled map: in the order of the map, without labels of no region', async () => {
    for (const target of ['data', 'labels'] as const) {
      const reader = await createImageValues(atlas(), map, { ...options, target })
      expect(reader.regions).toEqual(['c', 'a', 'b'])
      const found = await reader.valuesOf(image)
      expect(found.length).toBe(3)
      for (const [at, value] of [22, 5 / 3, 7].entries()) expect(found[at]).toBeCloseTo(value, 5)
    }
  })

  it('a region of several labels has a value for each, by ascending label', async () => {
    const several = fakeMap({
      parcellation,
      volumes: [fakeVolume('labels')],
      indices: { a: [...index(7), ...index(2)] },
    })
    const reader = await createImageValues(atlas(), several, options)
    expect(reader.regions).toEqual(['a', 'a'])
    expect([...(await reader.valuesOf(image))].map(Math.round)).toEqual([7, 22])
  })

  it('the labels come to the grid of the image, or the image to that of the labels', async () => {
    // the first voxel of this image is the second of the map along i
    const moved = values([10, 20, 30, 40, 50, 60], [3, 2, 1], [2, 0, 0])
    const toData = await createImageValues(atlas(), map, { ...options, grid: moved, reduction: 'sum' })
    const found = await toData.valuesOf(moved)
    expect([...found]).toEqual([Number.NaN, 10, 90])
    const toLabels = await createImageValues(atlas(), map, {
      ...options,
      grid: moved,
      target: 'labels',
      reduction: 'sum',
    })
    expect((await toLabels.valuesOf(moved))[1]).toBeCloseTo(10, 4)
    expect(toLabels.grids[0]?.shape).toEqual(SHAPE)
  })

  it('an image that comes to the labels stays within its own values', async () => {
    // along i a step from 0 to 1, half a voxel beside the labels: a spline would swing below and above
    const step = values(
      Array.from({ length: 6 * 3 * 2 }, (_, at) => (at % 6 < 3 ? 0 : 1)),
      [6, 3, 2],
      [-1, 0, 0],
    )
    const reductions = { minimum: 0, maximum: 1 } as const
    for (const [reduction, bound] of Object.entries(reductions)) {
      const reader = await createImageValues(atlas(), map, {
        ...options,
        grid: step,
        target: 'labels',
        reduction: reduction as keyof typeof reductions,
      })
      for (const value of await reader.valuesOf(step)) {
        if (bound === 0) expect(value).toBeGreaterThanOrEqual(0)
        else expect(value).toBeLessThanOrEqual(1)
      }
    }
  })

  it('of a statistical map: how much of each there is, also in a grid that is moved', async () => {
    const shape = [7, 6, 5]
    const place = (i: number, j: number, k: number) => (k * 6 + j) * 7 + i
    const one = new Float32Array(210)
    one[place(3, 2, 2)] = 0.5
    one[place(4, 2, 2)] = 1
    const other = new Float32Array(210)
    other[place(4, 2, 2)] = 0.5
    other[place(3, 3, 3)] = 0.25
    const statistical = fakeMap({
      mapType: 'STATISTICAL',
      isSparse: true,
      parcellation,
      volumes: ['one', 'other', 'nobody'].map((url) => fakeVolume(url)),
      indices: { a: index(null, null, 0), b: index(null, null, 1) },
    })
    const files = { one: values(one, shape), other: values(other, shape), nobody: values(one, shape) }
    const whole = values(
      one.map((value, at) => 3 * value + 2 * other[at]!),
      shape,
    )
    // from voxel 2, 1, 1 of the map on
    const part = new Float32Array(4 * 4 * 3)
    for (let k = 0; k < 3; k++)
      for (let j = 0; j < 4; j++)
        for (let i = 0; i < 4; i++) part[(k * 4 + j) * 4 + i] = whole.data[place(i + 2, j + 1, k + 1)]!
    for (const image of [whole, values(part, [4, 4, 3], [4, 2, 2])])
      for (const target of ['data', 'labels'] as const) {
        const reader = await createImageValues(createFakeAtlas(files), statistical, { ...options, grid: image, target })
        expect(reader.regions).toEqual(['a', 'b'])
        const found = await reader.valuesOf(image)
        // the spline to the map's grid swings a little behind the faces of the part
        const digits = image === whole || target === 'data' ? 4 : 0
        expect(found[0]).toBeCloseTo(3, digits)
        expect(found[1]).toBeCloseTo(2, digits)
      }
  })
})

describe('values of an image by statistical maps', () => {
  const shape = [9, 9, 9]
  const at = (i: number, j: number, k: number) => (k * 9 + j) * 9 + i
  const volume = (drawn: [at: number, value: number][]) => {
    const data = new Float32Array(729)
    for (const [voxel, value] of drawn) data[voxel] = value
    return values(data, shape)
  }
  const readerOf = (files: Record<string, Image>, grid: Image, target: 'data' | 'labels' = 'data') => {
    const names = Object.keys(files)
    const statistical = fakeMap({
      mapType: 'STATISTICAL',
      isSparse: true,
      parcellation: fakeParcellation(Object.fromEntries(names.map((name) => [name, {}]))),
      volumes: names.map((name) => fakeVolume(name)),
      indices: Object.fromEntries(names.map((name, number) => [name, index(null, null, number)])),
    })
    return createImageValues(createFakeAtlas(files), statistical, {
      grid,
      target,
      reduction: 'mean',
      slices: createSlices(),
    })
  }

  it('on the grid of the image what lies beside it has no say; on that of the map it counts as 0', async () => {
    const files = {
      a: volume([
        [at(2, 2, 2), 1],
        [at(5, 2, 2), 1],
      ]),
      b: volume([
        [at(5, 2, 2), 0.5],
        [at(6, 3, 3), 1],
      ]),
    }
    // voxels 4 to 8 along i: what is at voxel 2 is beside it
    const part = values(new Float32Array(5 * 81), [5, 9, 9], [8, 0, 0])
    part.data[(2 * 9 + 2) * 5 + 1] = 3 + 2 * 0.5
    part.data[(3 * 9 + 3) * 5 + 2] = 2
    const onData = await (await readerOf(files, part)).valuesOf(part)
    expect(onData[0]).toBeCloseTo(3, 5)
    expect(onData[1]).toBeCloseTo(2, 5)
    expect((await (await readerOf(files, part, 'labels')).valuesOf(part))[0]).toBeLessThan(2)
  })

  it('a map between the voxels of the image is interpolated, and one that is empty has no part in it', async () => {
    const files = { a: volume([[at(4, 5, 6), 1]]), empty: volume([]) }
    // half a voxel beside those of the map, from its voxel 3, 4, 5 on
    const moved = values(new Float32Array(27), [3, 3, 3], [7, 9, 11])
    // of the eight voxels around it each has an eighth: the middle is at 1/2, 1/2, 1/2 of the first two along each axis
    for (const n of [0, 1, 3, 4, 9, 10, 12, 13]) moved.data[n] = 0.25
    const [a, empty] = await (await readerOf(files, moved)).valuesOf(moved)
    expect(a).toBeCloseTo(2, 4)
    expect(empty).toBe(0)
  })

  it('an image that comes to the grid of the map stays within its own values', async () => {
    const step = values(
      Array.from({ length: 10 * 81 }, (_, n) => (n % 10 < 5 ? 0 : 1)),
      [10, 9, 9],
      [-1, 0, 0],
    )
    // half a voxel before and behind the step, where a spline swings out
    const files = { low: volume([[at(3, 4, 4), 1]]), high: volume([[at(5, 4, 4), 1]]) }
    const [low, high] = await (await readerOf(files, step, 'labels')).valuesOf(step)
    expect(low).toBeGreaterThanOrEqual(0)
    expect(high).toBeLessThanOrEqual(1)
  })
})
