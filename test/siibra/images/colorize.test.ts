import { describe, expect, it } from 'vitest'
import type { Parcellation } from '../../../src/siibra/core/types.ts'
import { colorizeLabels, inheritValues } from '../../../src/siibra/images/colorize.ts'
import { labelRunsOf } from '../../../src/siibra/maps/labels/label-runs.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import { fakeParcellation } from '../maps/fake-atlas.ts'

describe('values of regions', () => {
  const tree = { cortex: { frontal: { 'area 1': {}, 'area 2': {} }, parietal: {} }, other: {} }
  const parcellation = fakeParcellation(tree) as Parcellation

  it('go down to parts that have none of their own', () => {
    const given: Record<string, number> = { cortex: 1, frontal: 0, 'area 2': -3.5 }
    const values = inheritValues(parcellation, ({ name }) => given[name])
    const byName = Object.fromEntries([...values].map(([{ name }, value]) => [name, value]))
    expect(byName).toEqual({ cortex: 1, frontal: 0, 'area 1': 0, 'area 2': -3.5, parietal: 1 })
  })

  it('take the places of labels, also of those above 255', () => {
    const data = Uint16Array.of(0, 1, 1, 300, 2, 0, 300, 7)
    const runs = labelRunsOf({ data, dtype: 'uint16', shape: [4, 2, 1], voxelToWorldMm: identityAffine() })
    const table = new Map([
      [1, 0.5],
      [2, -1],
      [300, 4],
    ])
    expect([...colorizeLabels(runs, 8, (label) => table.get(label))]).toEqual([0, 0.5, 0.5, 4, -1, 0, 4, 0])
    expect(colorizeLabels(runs, 8, (label) => table.get(label), Number.NaN)[7]).toBeNaN()
  })
})
