import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { MapIndex } from '../../../../src/siibra/core/types.ts'
import type { LabelImage } from '../../../../src/siibra/maps/labels/label-image.ts'
import { labelRunsOf } from '../../../../src/siibra/maps/labels/label-runs.ts'
import { overlapLabels } from '../../../../src/siibra/maps/labels/overlap.ts'
import { measureRegions } from '../../../../src/siibra/maps/labels/region-measures.ts'
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
    const { largestIsUnique, centroidMm, volumeMm3, ...exact } = expected
    const found = byName.get(name)
    expect(found, name).toMatchObject(exact)
    expect(found?.volumeMm3).toBeCloseTo(volumeMm3, 6)
    if (largestIsUnique) expect(found?.centroidMm.map(round)).toEqual(centroidMm.map(round))
  }
  expect(byName.size).toBe(Object.keys(fixture.measures).length + 1) // the parcellation itself
  expect(atlas.reads).toEqual(['first'])
})

test('a second table reads nothing', async () => {
  const atlas = createFakeAtlas({ first: imageOf(fixture.first) }, [map])
  const first = await measureRegions(atlas, parcellation as never, fakeSpace)
  expect(await measureRegions(atlas, parcellation as never, fakeSpace)).toBe(first)
  const own = await measureRegions(atlas, parcellation as never, fakeSpace, { extent: 'own' })
  const whole = [...own].find(([{ name }]) => name === 'whole')?.[1]
  expect(whole?.voxels).toBe(fixture.first.data.filter((label) => label === 1).length)
})

test('a labelled image over another, in the grid of the first', () => {
  const { pairs, sizeVox, otherSizeVox } = overlapLabels(labelsOf(fixture.first), labelsOf(fixture.other))
  expect(pairs).toEqual(fixture.pairs)
  expect(Object.fromEntries(otherSizeVox)).toEqual(fixture.otherSizeVox)
  expect(sizeVox.get(1)).toBe(fixture.first.data.filter((label) => label === 1).length)
})

test('a labelled image over itself', () => {
  const image = labelsOf(fixture.first)
  const { pairs } = overlapLabels(image, image)
  expect(
    pairs.every(({ label, otherLabel, voxels }) => label === otherLabel && voxels === image.runs.sizeVox.get(label)),
  ).toBe(true)
  expect(pairs).toHaveLength(image.runs.sizeVox.size)
})
