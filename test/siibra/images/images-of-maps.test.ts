/** What labelled maps draw, which regions images and clusters belong to, and maps with values instead of labels. */
import { describe, expect, it } from 'vitest'
import type { Region } from '../../../src/siibra/core/types.ts'
import { type AssignImageOptions, assignImage } from '../../../src/siibra/images/assign-image.ts'
import { regionsOfClusters } from '../../../src/siibra/images/cluster-regions.ts'
import { fetchColorizedMap } from '../../../src/siibra/images/colorized-map.ts'
import { fetchDrawnImages, regionsByName } from '../../../src/siibra/images/drawn-regions.ts'
import type { MapGap } from '../../../src/siibra/maps/gaps.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeVolume } from '../maps/fake-atlas.ts'
import {
  atlas,
  drawing,
  index,
  map,
  onLeft,
  onRight,
  parcellation,
  regionOf,
  SHAPE,
  sides,
  values,
} from './drawn-maps.ts'

describe('images that a labelled map draws', () => {
  it('name the regions of their labels; without one, none', async () => {
    const [only, ...others] = await fetchDrawnImages(atlas(), map)
    expect(others).toEqual([])
    expect([only?.volume, only?.fragment]).toEqual([0, null])
    expect([1, 2, 5, 7].map((label) => only?.namesOf(label))).toEqual([['a'], ['b'], [], ['c']])
  })

  it('that are away cost their regions; where all are, that is said', async () => {
    const gaps: MapGap[] = []
    const found = await fetchDrawnImages(createFakeAtlas({ l: onLeft }), sides, { gaps })
    expect(found.map(({ fragment }) => fragment)).toEqual(['left hemisphere'])
    expect(gaps).toMatchObject([{ regions: ['right'], isTemporary: true }])
    await expect(fetchDrawnImages(createFakeAtlas({}), sides)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  it('are not looked for where who asked has left', async () => {
    const signal = AbortSignal.abort()
    await expect(fetchDrawnImages(createFakeAtlas({}), sides, { signal })).rejects.toBeDefined()
  })

  it('of several regions of a name the first is meant', () => {
    const twice = fakeParcellation({ a: { x: {} }, b: { x: {} } })
    const found = regionsByName(fakeMap({ parcellation: twice, volumes: [], indices: {} }))
    expect(found.get('x')?.parent?.name).toBe('a')
    expect(found.get('y')).toBeUndefined()
  })
})

describe('regions that an image belongs to', () => {
  const options: AssignImageOptions = { isSplit: true, connectivity: 'faces', threshold: 0, minVoxels: 1 }
  // a component over two voxels of a and one of nothing, and one of a single voxel of c
  const data = [4, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]
  const rowsOf = async (image: Image, changed: Partial<AssignImageOptions> = {}) =>
    (await assignImage(atlas(), map, image, { ...options, ...changed })).map((row) => ({
      component: row.component,
      region: row.region,
      voxels: row.facts.voxels,
    }))
  const first = { component: 1, region: 'a', voxels: 3 }
  const second = { component: 2, region: 'c', voxels: 1 }

  it('each component with each region that it shares voxels with', async () => {
    expect(await rowsOf(values(data))).toEqual([first, second])
    const [row] = await assignImage(atlas(), map, values(data), options)
    expect(row).toMatchObject({ voxelMm3: 8, scores: { mapValue: 1, intersectionOverUnion: 0.5 } })
  })

  it('without splitting all is one, of number 0', async () => {
    expect(await rowsOf(values(data), { isSplit: false })).toEqual([
      { component: 0, region: 'a', voxels: 4 },
      { component: 0, region: 'c', voxels: 4 },
    ])
  })

  it('above the threshold (not at it), and from the smallest size on', async () => {
    expect(await rowsOf(values(data), { threshold: 2 })).toEqual([{ ...first, voxels: 1 }, second])
    expect(await rowsOf(values(data), { threshold: 3 })).toEqual([{ ...first, voxels: 1 }])
    expect(await rowsOf(values(data), { minVoxels: 3 })).toEqual([first])
    expect(await rowsOf(values(data), { minVoxels: 4 })).toEqual([])
    expect(await rowsOf(values(data), { minVoxels: 0, isSplit: false, threshold: 9 })).toEqual([])
  })

  it('a threshold is compared in the precision of the image', async () => {
    const tenth = values(data.map((value) => (value > 0 ? 0.1 : 0)))
    expect(await rowsOf(tenth, { threshold: 0.1 })).toEqual([])
    const exact: Image = { ...tenth, data: Float64Array.from(tenth.data), dtype: 'float64' }
    expect(await rowsOf(exact, { threshold: 0.1 })).toEqual([first, second])
  })

  it('with the least correlation that is wanted', async () => {
    const all = await assignImage(atlas(), map, values(data), options)
    const most = Math.max(...all.map(({ scores }) => scores.correlation))
    const found = await assignImage(atlas(), map, values(data), { ...options, minCorrelation: most })
    expect(found.map(({ scores }) => scores.correlation)).toEqual([most])
  })

  it('what is not finite is 0, and masks go by their nearest voxels', async () => {
    expect(await rowsOf(values([Number.NaN, Infinity, ...data.slice(2)]))).toEqual([second])
    // voxels 1 and 2, less than half a voxel off: linear values reach voxel 0, too
    const mask = (size: number) => values([0, size, size, ...new Array<number>(21).fill(0)], SHAPE, [-0.8, 0, 0])
    expect((await rowsOf(mask(1))).map(({ voxels }) => voxels)).toEqual([2])
    expect((await rowsOf(mask(2))).map(({ voxels }) => voxels)).toEqual([3])
  })

  it('with what no region claims as a row without a name', async () => {
    const there = new Float32Array(24)
    there[10] = 1
    expect(await rowsOf(values(there))).toEqual([{ component: 1, region: null, voxels: 1 }])
  })

  it('in statistical maps', async () => {
    const statistical = fakeMap({
      mapType: 'STATISTICAL',
      isSparse: true,
      parcellation,
      volumes: [fakeVolume('p')],
      indices: { a: index(null) },
    })
    const files = { p: values([0.5, 0.25, 0, 0, 0.5, ...new Array<number>(19).fill(0)]) }
    const grids: number[] = []
    const found = await assignImage(createFakeAtlas(files), statistical, values(data), {
      ...options,
      onGrids: (all) => grids.push(all.length),
    })
    expect(found).toMatchObject([
      { component: 1, region: 'a', voxelMm3: 8, scores: { mapValue: 0.5, intersectionOverUnion: 0.5 } },
    ])
    expect(grids).toEqual([1])
  })
})

describe('a map with values instead of labels', () => {
  it('0 where a region has none, and where nothing is drawn', async () => {
    const given = new Map([
      [regionOf(parcellation, 'a'), 0.5],
      [regionOf(parcellation, 'c'), -2],
    ])
    const { data, dtype, shape } = await fetchColorizedMap(atlas(), map, given)
    expect([dtype, shape]).toEqual(['float32', SHAPE])
    expect([...data]).toEqual([...drawing.data].map((label) => ({ 1: 0.5, 7: -2 })[label] ?? 0))
  })

  it('of fragments the later one counts where both draw', async () => {
    const of = (name: string) => regionOf(sides.parcellation as unknown as Region, name)
    const given = new Map([
      [of('left'), 1],
      [of('right'), 2],
    ])
    const { data } = await fetchColorizedMap(createFakeAtlas({ l: onLeft, r: onRight }), sides, given)
    expect([...data]).toEqual([1, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2])
  })

  it('a label of several regions has the value of the deepest that has one', async () => {
    const tree = fakeParcellation({ outer: { inner: {} } })
    const [outer, inner] = [regionOf(tree, 'outer'), regionOf(regionOf(tree, 'outer'), 'inner')]
    const indices = { outer: index(1), inner: index(1) }
    const both = fakeMap({ parcellation: tree, volumes: [fakeVolume('labels')], indices })
    const first = async (given: Map<Region, number>) => (await fetchColorizedMap(atlas(), both, given)).data[0]
    expect(
      await first(
        new Map([
          [outer, 1],
          [inner, 2],
        ]),
      ),
    ).toBe(2)
    expect(await first(new Map([[outer, 1]]))).toBe(1)
    expect(await first(new Map())).toBe(0)
  })

  it('is none without volumes', async () => {
    const none = fakeMap({ volumes: [], indices: {} })
    await expect(fetchColorizedMap(atlas(), none, new Map())).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  })
})

it('clusters have the regions at their peaks, and the shares of regions in their voxels', async () => {
  const cluster = (voxels: number[], pointsMm: [number, number, number][]) => ({
    sizeMm3: 8 * voxels.length,
    voxels: Int32Array.from(voxels),
    peaks: pointsMm.map((pointMm) => ({ id: '1', pointMm, value: 1 })),
  })
  const image = values(new Float32Array(24))
  const found = await regionsOfClusters(atlas(), map, image, [
    cluster(
      [0, 1, 2, 3, 7],
      [
        [0, 0, 0],
        [4, 0, 0],
      ],
    ),
    cluster([23, 10], [[6, 4, 2]]),
    cluster([3, 7, 11, 0], []),
  ])
  expect(found).toEqual([
    {
      ofPeaks: ['a', null],
      shares: expect.arrayContaining([
        { region: 'a', share: 0.4 },
        { region: 'b', share: 0.4 },
      ]),
    },
    { ofPeaks: ['c'], shares: [{ region: 'c', share: 0.5 }] },
    {
      ofPeaks: [],
      shares: [
        { region: 'b', share: 0.75 },
        { region: 'a', share: 0.25 },
      ],
    },
  ])
})
