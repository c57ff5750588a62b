import { expect, test } from 'vitest'
import { bigBrainMeshes } from '../../src/serialization/bigbrain-meshes.ts'
import type { Region } from '../../src/siibra/index.ts'

const JULICH_29 = 'minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-290'
const region = (name: string, parcellation = JULICH_29) => ({ name, parcellation: { id: parcellation } }) as Region

test('a region has the label of each layer that draws it, and no other', () => {
  expect(bigBrainMeshes(region('Area 6d1 (PreCG)'))).toEqual(['bb_ngid_lbl://_32375a96#1'])
  expect(bigBrainMeshes(region('Area hOc2 (V2, 18)'))).toEqual(['bb_ngid_lbl://_4d2c91e#1'])
  expect(bigBrainMeshes(region('Area hOc2 (V2, 18) left'))).toEqual([])
  expect(bigBrainMeshes(region('toString'))).toEqual([])
})

test('a region of that name in another parcellation has none', () => {
  expect(bigBrainMeshes(region('Area 6d1 (PreCG)', 'julich-3'))).toEqual([])
})
