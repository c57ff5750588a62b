import { expect, test } from 'vitest'
import { createPieces } from '../../../../src/siibra/maps/measures/pieces.ts'

test('pieces that are joined after they were measured change no other', () => {
  // voxels (0, 0), (2, 0), (0, 2) and (2 to 3, 2) of rows of five
  const runs = { startVox: Int32Array.of(0, 2, 10, 12), lengthVox: Int32Array.of(1, 1, 1, 2) }
  const pieces = createPieces(runs, [5, 3, 1])
  pieces.measure(0, 4)
  pieces.joinMeasured(0, 2)
  expect([pieces.find(2), pieces.sizeVox(0), pieces.sizeVox(1), pieces.sizeVox(3)]).toEqual([0, 2, 1, 2])
  expect([pieces.centroidVox(0), pieces.centroidVox(1), pieces.centroidVox(3)]).toEqual([
    [0, 1, 0],
    [2, 0, 0],
    [2.5, 2, 0],
  ])
  expect([pieces.isBefore(0, 3), pieces.isBefore(3, 0), pieces.isBefore(1, 3)]).toEqual([true, false, false])
})
