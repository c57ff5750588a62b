import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type ComponentScores,
  compareWithIndex,
  compareWithLabels,
} from '../../../src/siibra/images/compare-component.ts'
import { describeComponent } from '../../../src/siibra/images/describe-component.ts'
import { labelRunsOf } from '../../../src/siibra/maps/labels/label-runs.ts'
import { buildSparseIndex } from '../../../src/siibra/maps/sparse/sparse-index.ts'
import { runSteps } from '../../../src/siibra/slices.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeVolume } from '../maps/fake-atlas.ts'

type Scores = Omit<ComponentScores, 'mapValue'>
const reference: {
  shape: number[]
  image: number[]
  voxels: number[]
  centroidVox: number[]
  peakVox: number[]
  labels: number[]
  byLabel: Record<string, Scores>
  probabilities: number[][]
  byVolume: (ComponentScores | null)[]
} = JSON.parse(readFileSync(new URL('../../fixtures/images/comparisons.json', import.meta.url), 'utf8'))

const grid = {
  shape: reference.shape,
  voxelToWorldMm: Float64Array.of(2, 0, 0, 10, 0, 2, 0, 20, 0, 0, 2, 30, 0, 0, 0, 1),
}
const image: Image = { data: Float64Array.from(reference.image), dtype: 'float64', ...grid }
const voxels = Int32Array.from(reference.voxels)

function expectScores(found: ComponentScores | undefined, expected: Scores) {
  for (const [name, value] of Object.entries(expected))
    expect(found?.[name as keyof Scores], name).toBeCloseTo(value, 9)
}

describe('a component of an image', () => {
  it('against labels: as siibra compares maps, with the values of the image', () => {
    const runs = labelRunsOf({ data: Int32Array.from(reference.labels), dtype: 'int32', ...grid })
    const found = runSteps(compareWithLabels(image, voxels, runs))
    expect([...found.keys()]).toEqual(Object.keys(reference.byLabel).map(Number))
    for (const [label, scores] of found) expectScores(scores, reference.byLabel[label]!)
  })

  it('against probability maps: as siibra compares images with sparse maps', async () => {
    const files = reference.probabilities.map((values, n) => {
      return [`p${n}`, { data: Float32Array.from(values), dtype: 'float32' as const, ...grid }] as const
    })
    const map = fakeMap({
      mapType: 'STATISTICAL',
      isSparse: true,
      volumes: files.map(([url]) => fakeVolume(url)),
      indices: {},
    })
    const atlas = createFakeAtlas(Object.fromEntries(files), [map])
    const index = await buildSparseIndex(atlas, map, new AbortController().signal)
    const found = runSteps(compareWithIndex(image, voxels, index))
    expect([...found.keys()]).toEqual([0, 1])
    for (const [volume, scores] of found) expectScores(scores, reference.byVolume[volume]!)
  })

  it('has a size, a centre and a peak in mm', () => {
    const toMm = (voxel: number[]) => voxel.map((value, axis) => 2 * value + 10 * (axis + 1))
    const facts = runSteps(describeComponent(image, voxels))
    expect(facts.voxels).toBe(voxels.length)
    facts.centroidMm.forEach((value, axis) => {
      expect(value).toBeCloseTo(toMm(reference.centroidVox)[axis]!, 9)
    })
    expect(facts.peakMm).toEqual(toMm(reference.peakVox))
  })
})
