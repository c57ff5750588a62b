import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { MapIndex } from '../../../../src/siibra/core/types.ts'
import type { LabelImage } from '../../../../src/siibra/maps/labels/label-image.ts'
import { labelRunsOf } from '../../../../src/siibra/maps/labels/label-runs.ts'
import { fetchRegionMask } from '../../../../src/siibra/maps/labels/region-mask.ts'
import { overlapLabels } from '../../../../src/siibra/maps/measures/overlap.ts'
import { measureRegions, measureRuns } from '../../../../src/siibra/maps/measures/region-measures.ts'
import type { RegionMeasures } from '../../../../src/siibra/maps/measures/voxel-bounds.ts'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { affineFromRows } from '../../../../src/siibra/volumes/affine.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume, type Tree } from '../fake-atlas.ts'

interface VolumeFixture {
  shape: number[]
  affine: number[][]
  data: number[]
}

interface Fixture {
  tree: Tree
  labelOf: Record<string, number>
  first: VolumeFixture
  measures: Record<
    string,
    {
      voxels: number
      volumeMm3: number
      components: number
      largestIsUnique: boolean
      centroidMm: number[]
      lowVox: number[]
      highVox: number[]
      lowMm: number[]
      highMm: number[]
    }
  >
  other: VolumeFixture
  pairs: { label: number; otherLabel: number; voxels: number }[]
  otherSizeVox: Record<string, number>
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/maps/regions.json', import.meta.url), 'utf8'),
)
const imageOf = ({ shape, affine, data }: VolumeFixture): Image => ({
  data: Uint8Array.from(data),
  dtype: 'uint8',
  shape,
  voxelToWorldMm: affineFromRows(affine),
})
const labelsOf = (volume: VolumeFixture): LabelImage => ({ ...imageOf(volume), runs: labelRunsOf(imageOf(volume)) })

const round = (value: number) => Math.round(value * 1e6) / 1e6 + 0
const roundAll = (measures: RegionMeasures) =>
  JSON.parse(JSON.stringify(measures, (_, value) => (typeof value === 'number' ? round(value) : value)))

const parcellation = fakeParcellation(fixture.tree)
const index = (label: number): MapIndex[] => [{ volume: 0, label, fragment: null }]
const map = fakeMap({
  parcellation,
  volumes: [fakeVolume('first')],
  indices: Object.fromEntries(Object.entries(fixture.labelOf).map(([name, label]) => [name, index(label)])),
})

test('regions contain their parts, and are measured as numpy and scipy do', async () => {
  const atlas = createFakeAtlas({ first: imageOf(fixture.first) }, [map])
  const measures = await measureRegions(atlas, parcellation as never, fakeSpace)
  const byName = new Map([...measures].map(([{ name }, found]) => [name, found]))
  for (const [name, expected] of Object.entries(fixture.measures)) {
    const { largestIsUnique, centroidMm, volumeMm3, lowMm, highMm, ...exact } = expected
    const found = byName.get(name)
    expect(found, name).toMatchObject(exact)
    expect(found?.volumeMm3).toBeCloseTo(volumeMm3, 6)
    expect([found?.lowMm, found?.highMm].map((corner) => corner?.map(round))).toEqual([
      lowMm.map(round),
      highMm.map(round),
    ])
    if (largestIsUnique) expect(found?.centroidMm.map(round)).toEqual(centroidMm.map(round))
  }
  expect(byName.size).toBe(Object.keys(fixture.measures).length + 1) // the parcellation itself
  expect(atlas.reads).toEqual(['first'])
})

test('a pass over the tree finds what the mask of each region has', async () => {
  const atlas = createFakeAtlas({ first: imageOf(fixture.first) }, [map])
  const measures = await measureRegions(atlas, parcellation as never, fakeSpace)
  expect(measures.size).toBe(parcellation.parcellation.regions.length)
  for (const [region, found] of measures) {
    const mask = await fetchRegionMask(atlas, region, fakeSpace)
    expect(roundAll(found), region.name).toEqual(roundAll(await measureRuns(mask.runs, mask, createSlices())))
  }
})

test('hemispheres in files of their own, and images over each other', async () => {
  const { shape, affine, data } = fixture.first
  const half = (keep: (i: number) => boolean) => ({
    shape,
    affine,
    data: data.map((l, at) => (keep(at % shape[0]!) ? l : 0)),
  })
  const images = (left: VolumeFixture, right: VolumeFixture) => ({ left: imageOf(left), right: imageOf(right) })
  const tree = fakeParcellation({ brain: { L: { L3: {}, L4: {} }, R: { R3: {}, R4: {} } } })
  const drawn = fakeMap({
    parcellation: tree,
    volumes: [fakeVolume('left'), fakeVolume('right')],
    indices: Object.fromEntries(
      [0, 1].flatMap((volume) =>
        [3, 4].map((label) => [`${'LR'[volume]}${label}`, [{ volume, label, fragment: null }]]),
      ),
    ),
  })
  const apart = images(
    half((i) => i < 7),
    half((i) => i >= 7),
  )
  for (const pair of [apart, images(fixture.first, fixture.first)]) {
    const atlas = createFakeAtlas(pair, [drawn])
    const measures = await measureRegions(atlas, tree as never, fakeSpace)
    expect(measures.size).toBeGreaterThan(5)
    for (const [region, found] of measures) {
      const mask = await fetchRegionMask(atlas, region, fakeSpace)
      expect(roundAll(found), region.name).toEqual(roundAll(await measureRuns(mask.runs, mask, createSlices())))
    }
  }
})

test('regions that share a label are measured one by one; those without a mask or a voxel are left out', async () => {
  const tree = fakeParcellation({ twin: {}, other: {}, empty: {}, nowhere: {} })
  const indices = { twin: index(3), other: index(3), empty: index(250) }
  const atlas = createFakeAtlas({ first: imageOf(fixture.first) }, [
    fakeMap({ parcellation: tree, volumes: [fakeVolume('first')], indices }),
  ])
  const measures = await measureRegions(atlas, tree as never, fakeSpace)
  const voxels = fixture.first.data.filter((label) => label === 3).length
  expect([...measures].map(([{ name }, found]) => [name, found.voxels])).toEqual([
    ['twin', voxels],
    ['other', voxels],
  ])
})

test('a second table reads nothing', async () => {
  const atlas = createFakeAtlas({ first: imageOf(fixture.first) }, [map])
  const first = await measureRegions(atlas, parcellation as never, fakeSpace)
  expect(await measureRegions(atlas, parcellation as never, fakeSpace)).toBe(first)
  const own = await measureRegions(atlas, parcellation as never, fakeSpace, { extent: 'own' })
  const whole = [...own].find(([{ name }]) => name === 'whole')?.[1]
  expect(whole?.voxels).toBe(fixture.first.data.filter((label) => label === 1).length)
})

test('a labelled image over another, in the grid of the first', async () => {
  const { pairs, sizeVox, otherSizeVox } = await overlapLabels(labelsOf(fixture.first), labelsOf(fixture.other))
  expect(pairs).toEqual(fixture.pairs)
  expect(Object.fromEntries(otherSizeVox)).toEqual(fixture.otherSizeVox)
  expect(sizeVox.get(1)).toBe(fixture.first.data.filter((label) => label === 1).length)
})

test('a labelled image over itself', async () => {
  const image = labelsOf(fixture.first)
  const { pairs } = await overlapLabels(image, image)
  expect(
    pairs.every(({ label, otherLabel, voxels }) => label === otherLabel && voxels === image.runs.sizeVox.get(label)),
  ).toBe(true)
  expect(pairs).toHaveLength(image.runs.sizeVox.size)
})
