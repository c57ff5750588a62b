import { expect, test } from 'vitest'
import { findExtents, reachedBy, samplesOf } from '../../../../src/siibra/maps/grids/reach.ts'
import { runSteps } from '../../../../src/siibra/slices.ts'

/** Planes of 4 x 3 samples; `least` is 0.5. Of each, the extent of what counts alone. */
const PLANES = [
  { samples: [0, 0, 0, 0, 0.1, -0.5, 0.2, 0, 0, 0, 0, 0], i: [1, 1], j: [1, 1] },
  { samples: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], i: [4, -1], j: [3, -1] },
  { samples: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], i: [4, -1], j: [3, -1] },
  { samples: [0, 0, 0, 0, 0, 0, 0, Number.NaN, 3, 0, 0, 0], i: [0, 3], j: [1, 2] },
  { samples: [0, 0.49, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0], i: [2, 2], j: [0, 0] },
  { samples: [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0], i: [0, 3], j: [0, 2] },
]
const samples = PLANES.flatMap((plane) => plane.samples)

test('the extent of what is not nearer to 0 in each plane', () => {
  const found = runSteps(findExtents(samples, [4, 3, 6], 0.5, 1))
  expect(found).toEqual(PLANES.map(({ i, j }) => ({ i, j })))
})

test('and of those that are added up with it', () => {
  const along = (taps: number, axis: 'i' | 'j') =>
    runSteps(findExtents(samples, [4, 3, 6], 0.5, taps)).map((extent) => extent[axis])
  expect(along(2, 'i')).toEqual([
    [1, 1],
    [1, 1],
    [0, 3],
    [0, 3],
    [0, 3],
    [0, 3],
  ])
  expect(along(2, 'j')).toEqual([
    [1, 1],
    [1, 1],
    [1, 2],
    [0, 2],
    [0, 2],
    [0, 2],
  ])
  expect(along(4, 'i')).toEqual([
    [0, 3],
    [0, 3],
    [0, 3],
    [0, 3],
    [0, 3],
    [0, 3],
  ])
  expect(along(3, 'j')).toEqual([
    [1, 1],
    [1, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 2],
  ])
})

/** Two taps for each of six targets; the second and the last are outside. */
const taps = { index: Int32Array.of(4, 5, -1, 0, 2, 3, 1, 2, 0, 0, -1, 0), weight: new Float64Array(12), taps: 2 }

test.each([
  { samples: [0, 0], reached: [4, 5] },
  { samples: [1, 1], reached: [3, 4] },
  { samples: [2, 2], reached: [2, 4] },
  { samples: [3, 4], reached: [0, 3] },
  { samples: [5, 5], reached: [0, 1] },
  { samples: [0, 5], reached: [0, 5] },
  { samples: [6, 9], reached: [0, 0] },
  { samples: [6, -1], reached: [0, 0] },
] as const)('the targets for which one of the samples $samples counts: $reached', ({ samples: some, reached }) => {
  expect(reachedBy(taps, some)).toEqual(reached)
})

test.each([
  { targets: [0, 6], made: [0, 6] },
  { targets: [0, 1], made: [4, 6] },
  { targets: [1, 2], made: [0, 0] },
  { targets: [1, 3], made: [2, 4] },
  { targets: [2, 4], made: [1, 4] },
  { targets: [4, 5], made: [0, 1] },
  { targets: [3, 3], made: [0, 0] },
] as const)('the samples that targets $targets are made of: $made', ({ targets, made }) => {
  expect(samplesOf(taps, targets)).toEqual(made)
})
