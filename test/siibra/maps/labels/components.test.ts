import { expect, test } from 'vitest'
import { findRuns, labelRuns, measureComponents } from '../../../../src/siibra/maps/labels/components.ts'
import { runSteps } from '../../../../src/siibra/slices.ts'

/** Masks, first axis fastest (`.` is outside), by scipy.ndimage.label: of a structure of ones, and of its default, which joins faces alone. */
const MASKS = [
  {
    shape: [5, 4, 3],
    full: '11.2......11..1..1111.....1.....1......1.......111...11.....',
    faces: '11.7......22..6..6661.....3.....5......6.......444...44.....',
  },
  {
    shape: [3, 5, 4],
    full: '11.1......33..3..1111...........1..............111...12.....',
    faces: '11.1......44..4..1111...........1..............122...53.....',
  },
  { shape: [1, 6, 6], full: '11.33.....33..2..32222.3..2.....2..4', faces: '11.33.....33..2..32222.3..2.....2..4' },
  { shape: [8, 1, 4], full: '11.11.....11..1..11111.1..1.....', faces: '11.22.....22..3..22222.4..2.....' },
  {
    shape: [9, 7, 2],
    full: '11.1......11..1..3111...........1..............111...12.....11............1.1......11..1...1.....1.11...11.1........1.....11..',
    faces:
      '11.5......11..7..d111...........8..............444...e3.....aa............1.6......11..b...2.....c.22...99.e........e.....aa..',
  },
  {
    shape: [4, 4, 4],
    full: '.2.4......3........4............1..............51....1..........',
    faces: '.2.5......4........5............1..............61....3..........',
  },
  {
    shape: [2, 3, 7],
    full: '11.1......11..1..1111...........2.........',
    faces: '11.1......44..2..4222...........3.........',
  },
]

const runsOf = (mask: string, shape: readonly number[]) =>
  findRuns(
    [...mask].map((sign) => (sign === '.' ? 0 : 1)),
    shape,
    (value) => value !== 0,
  )

test.each(MASKS)('components of $shape voxels are numbered as scipy numbers them', ({ shape, ...masks }) => {
  for (const connectivity of ['full', 'faces'] as const) {
    const mask = masks[connectivity]
    const runs = runsOf(mask, shape)
    const { labels, count } = runSteps(labelRuns(runs, shape, connectivity))
    const found = [...mask].map(() => '.')
    for (const [run, label] of labels.entries())
      found.fill((label + 1).toString(36), runs.startVox[run], runs.startVox[run]! + runs.lengthVox[run]!)
    expect(found.join('')).toBe(mask)
    expect(count).toBe(new Set(mask.replaceAll('.', '')).size)
  }
})

test.each(MASKS)('and are as large, and where, as their voxels one by one: $shape', ({ shape, full }) => {
  const [nx = 1, ny = 1] = shape
  const found = runSteps(measureComponents(runsOf(full, shape), shape))
  for (const [n, { sizeVox, centroidVox }] of found.entries()) {
    const sign = (n + 1).toString(36)
    const voxels = [...full].flatMap((one, at) => (one === sign ? [at] : []))
    const mean = (of: (at: number) => number) => voxels.reduce((sum, at) => sum + of(at), 0) / voxels.length
    expect(sizeVox).toBe(voxels.length)
    const where = [
      mean((at) => at % nx),
      mean((at) => Math.floor(at / nx) % ny),
      mean((at) => Math.floor(at / nx / ny)),
    ]
    for (const axis of [0, 1, 2]) expect(centroidVox[axis]).toBeCloseTo(where[axis]!, 12)
  }
})

test('runs end where rows do', () => {
  const { startVox, lengthVox } = runsOf('.11111.11..1', [4, 3, 1])
  expect([...startVox]).toEqual([1, 4, 7, 8, 11])
  expect([...lengthVox]).toEqual([3, 2, 1, 1, 1])
})
