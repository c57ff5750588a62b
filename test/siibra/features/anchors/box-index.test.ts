import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBoxIndex } from '../../../../src/siibra/features/anchors/box-index.ts'
import { boxesOverlap } from '../../../../src/siibra/features/location.ts'

const coordinate = fc.integer({ min: -9, max: 9 })
const side = fc.tuple(coordinate, coordinate).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }))
const box = fc.tuple(side, side, side).map(([x, y, z]) => ({
  minMm: [x.low, y.low, z.low] as const,
  maxMm: [x.high, y.high, z.high] as const,
}))

test('finds the same boxes as comparing all of them', () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 60 }), box, (boxes, asked) => {
      const find = createBoxIndex(boxes.map((place, item) => ({ ...place, item })))
      const all = boxes.flatMap((place, i) => (boxesOverlap(place, asked) ? [i] : []))
      expect(find(asked).sort((a, b) => a - b)).toEqual(all)
    }),
  )
})

test('boxes that only touch, in the plane or along z, are not found', () => {
  const find = createBoxIndex([{ item: 'unit', minMm: [0, 0, 0], maxMm: [1, 1, 1] }])
  expect(find({ minMm: [0.5, 0.5, 0.5], maxMm: [2, 2, 2] })).toEqual(['unit'])
  expect(find({ minMm: [1, 0, 0], maxMm: [2, 1, 1] })).toEqual([])
  expect(find({ minMm: [0, 0, 1], maxMm: [1, 1, 2] })).toEqual([])
  expect(find({ minMm: [0, 0, 2], maxMm: [1, 1, 3] })).toEqual([])
})
