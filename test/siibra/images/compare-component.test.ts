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
  const indexOf = async (files: Float32Array[]) => {
    const named = files.map((data, n) => [`p${n}`, { data, dtype: 'float32' as const, ...grid }] as const)
    const map = fakeMap({
      mapType: 'STATISTICAL',
      isSparse: true,
      volumes: named.map(([url]) => fakeVolume(url)),
      indices: {},
    })
    return buildSparseIndex(createFakeAtlas(Object.fromEntries(named), [map]), map, new AbortController().signal)
  }

  it('against labels: as siibra compares maps, with the values of the image', () => {
    const runs = labelRunsOf({ data: Int32Array.from(reference.labels), dtype: 'int32', ...grid })
    const found = runSteps(compareWithLabels(image, voxels, runs))
    expect([...found.keys()]).toEqual(Object.keys(reference.byLabel).map(Number))
    for (const [label, scores] of found) expectScores(scores, reference.byLabel[label]!)
  })

  it('against probability maps: as siibra compares images with sparse maps', async () => {
    const index = await indexOf(reference.probabilities.map((values) => Float32Array.from(values)))
    const found = runSteps(compareWithIndex(image, voxels, index))
    expect([...found.keys()]).toEqual([0, 1])
    for (const [volume, scores] of found) expectScores(scores, reference.byVolume[volume]!)
  })

  it('against maps that siibra has not as sparse: as against labels', async () => {
    const data = Int32Array.from(reference.labels)
    const runs = labelRunsOf({ data, dtype: 'int32', ...grid })
    const byLabel = runSteps(compareWithLabels(image, voxels, runs))
    const labels = [...byLabel.keys()]
    const index = await indexOf(labels.map((label) => Float32Array.from(data, (value) => (value === label ? 1 : 0))))
    const found = runSteps(compareWithIndex(image, voxels, index, false))
    expect([...found.keys()]).toEqual(labels.map((_, volume) => volume))
    for (const [volume, label] of labels.entries()) {
      const { mapValue: _, ...scores } = byLabel.get(label)!
      expectScores(found.get(volume), scores)
    }
  })

  it('that reaches beyond the map is scored in a box around both that is a voxel larger', async () => {
    const size = reference.shape.reduce((product, length) => product * length, 1)
    const map = new Float32Array(size)
    const data = new Float64Array(size)
    const component = Int32Array.of(0, 1, 2)
    map.set([0.5, 0.25])
    data.set([4, 2, 2])
    const found = runSteps(compareWithIndex({ ...image, data }, component, await indexOf([map])))
    // numpy.corrcoef of the 4 x 2 x 2 voxels from the first on
    expect(found.get(0)?.correlation).toBeCloseTo(0.902266317138268, 12)
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
