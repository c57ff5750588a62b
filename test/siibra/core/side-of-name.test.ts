import { expect, test } from 'vitest'
import { midlineOf, sideOfName } from '../../../src/siibra/core/side-of-name.ts'

test.each([
  ['Hippocampus left', { side: 'left', stem: 'Hippocampus' }],
  ['Left Hippocampus', { side: 'left', stem: 'Hippocampus' }],
  ['ctx-rh-insula', { side: 'right', stem: 'ctx insula' }],
  ['Amygdala (R)', { side: 'right', stem: 'Amygdala' }],
  ['Amygdala [L]', { side: 'left', stem: 'Amygdala' }],
  ['Amygdala (left), lateral', { side: 'left', stem: 'Amygdala, lateral' }],
  ['L_Amygdala', { side: 'left', stem: 'Amygdala' }],
  ['Nucleus [left] (a)', { side: 'left', stem: 'Nucleus (a)' }],
  // by two patterns, which agree
  ['left Amygdala L', { side: 'left', stem: 'Amygdala L' }],
  ['left Amygdala R', undefined],
  ['left or right', undefined],
  ['Alright', undefined],
  ['Layer L of it', undefined],
  ['left', undefined],
])('the side that %j names', (name, side) => {
  expect(sideOfName(name)).toEqual(side)
})

/** Voxels along x alone matter, where the axes are not turned. */
const along = (stepMm: number, originMm: number) => [stepMm, 0, 0, originMm, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

test.each([
  ['on both sides of 0', [11, 5, 5], along(1, -3), 0],
  ['from the right to the left', [11, 5, 5], along(-1, 3), 0],
  ['that begin at 0', [11, 5, 5], along(2, 0), 10],
  ['that end at 0', [11, 5, 5], along(2, -20), -10],
  ['that run down to 0', [11, 5, 5], along(-2, 20), 10],
  ['right of 0', [11, 5, 5], along(2, 6), 16],
  ['whose axes are turned', [3, 11, 5], [1, 2, 0.5, 6, 0, 0, 0, 0, 0, 0, 0, 0], 18],
  ['whose axes are turned, over 0', [3, 11, 5], [1, -2, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0], 0],
])('the middle of voxels %s', (_, shape, voxelToWorldMm, middleMm) => {
  expect(midlineOf(shape, voxelToWorldMm)).toBe(middleMm)
})
