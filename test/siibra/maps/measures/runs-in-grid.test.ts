import fc from 'fast-check'
import { expect, test } from 'vitest'
import { labelRunsOf } from '../../../../src/siibra/maps/labels/label-runs.ts'
import { overlapLabels } from '../../../../src/siibra/maps/measures/overlap.ts'
import { runsInGrid } from '../../../../src/siibra/maps/measures/runs-in-grid.ts'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { affineFromRows, invertAffine, multiplyAffines } from '../../../../src/siibra/volumes/affine.ts'

type Vox3 = [number, number, number]

/** Steps along the three axes, where the first voxel is, and how much i moves by j, and j by k. */
const affineOf = (steps: Vox3, at: Vox3 = [0, 0, 0], [s, t]: [number, number] = [0, 0]) =>
  affineFromRows([
    [steps[0], s, 0, at[0]],
    [0, steps[1], t, at[1]],
    [0, 0, steps[2], at[2]],
  ])

/** The runs of labels in another grid are what each of its voxels finds at its nearest voxel of the image, which is looked up one by one. */
async function expectNearest(
  imageShape: Vox3,
  imageToWorldMm: Float64Array,
  data: Float64Array,
  gridShape: Vox3,
  gridToWorldMm: Float64Array,
) {
  const [mx, my, mz] = imageShape
  const runs = labelRunsOf({ data, dtype: 'float64', shape: imageShape, voxelToWorldMm: imageToWorldMm })
  const grid = { shape: gridShape, voxelToWorldMm: gridToWorldMm }
  const found = await runsInGrid({ shape: imageShape, voxelToWorldMm: imageToWorldMm, runs }, grid, createSlices())
  const m = multiplyAffines(invertAffine(imageToWorldMm), gridToWorldMm)
  const [nx, ny, nz] = gridShape
  const expected = new Float64Array(nx * ny * nz)
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const at = (row: number) => Math.floor(m[row]! * i + (m[row + 1]! * j + m[row + 2]! * k + m[row + 3]! + 0.5))
        const [x, y, z] = [at(0), at(4), at(8)]
        if (x < 0 || y < 0 || z < 0 || x >= mx || y >= my || z >= mz) continue
        expected[(k * ny + j) * nx + i] = data[(z * my + y) * mx + x]!
      }
  const dense = new Float64Array(expected.length)
  let [before, ascends] = [0, true]
  for (const [run, start] of found.startVox.entries()) {
    ascends &&= start >= before
    before = start + found.lengthVox[run]!
    dense.fill(found.label[run]!, start, before)
  }
  expect(ascends).toBe(true)
  expect(dense.findIndex((label, at) => label !== expected[at])).toBe(-1)
  const sizes = new Map<number, number>()
  for (const label of expected) if (label !== 0) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  expect(new Map([...found.sizeVox].filter(([, voxels]) => voxels > 0))).toEqual(sizes)
}

const IMAGE: Vox3 = [4, 3, 2]
/** Each row has runs of one voxel and of more, with and without a gap between them. */
const LABELS = Float64Array.of(1, 1, 2, 0, 0, 3, 3, 4, 5, 0, 6, 6, 7, 7, 7, 7, 0, 0, 0, 8, 2 ** 40, 9, 0, 9)

test.each<{ name: string; grid: Vox3; steps: Vox3; at?: Vox3; slants?: [number, number] }>([
  { name: 'the same', grid: IMAGE, steps: [1, 1, 1] },
  { name: 'larger at all sides', grid: [8, 7, 6], steps: [1, 1, 1], at: [-2, -2, -2] },
  { name: 'a part', grid: [2, 1, 1], steps: [1, 1, 1], at: [1, 1, 1] },
  { name: 'mirrored along i', grid: [8, 3, 2], steps: [-1, 1, 1], at: [5, 0, 0] },
  { name: 'mirrored along j and k', grid: [4, 5, 4], steps: [1, -1, -1], at: [0, 3, 2] },
  { name: 'finer', grid: [10, 7, 5], steps: [0.5, 0.5, 0.5], at: [-0.5, -0.5, -0.5] },
  { name: 'finer, mirrored', grid: [10, 7, 5], steps: [-0.5, 0.5, 0.5], at: [4, 0, 0] },
  { name: 'coarser', grid: [3, 2, 2], steps: [2, 2, 2], at: [-1, 0, 0] },
  { name: 'coarser, mirrored', grid: [3, 2, 2], steps: [-2, 2, 2], at: [5, 0, 0] },
  { name: 'half a voxel away, to which ties go', grid: IMAGE, steps: [1, 1, 1], at: [0.5, 0.5, 0.5] },
  { name: 'slanted', grid: [8, 7, 5], steps: [1, 1, 1], at: [-2, -2, -1], slants: [0.25, 0.5] },
  { name: 'slanted and mirrored', grid: [8, 7, 5], steps: [-1, 0.5, -1], at: [5, -1, 3], slants: [-1, 1] },
])('labels in a grid that is $name', async ({ grid, steps, at, slants }) => {
  for (const imageAffine of [affineOf([1, 1, 1]), affineOf([2, -1, 0.5], [1, 2, 3])]) {
    const toWorld = multiplyAffines(imageAffine, affineOf(steps, at, slants))
    await expectNearest(IMAGE, imageAffine, LABELS, grid, toWorld)
  }
})

test.each([0.25, -0.4])('labels in a grid that is slanted along all axes, by %d', async (slant) => {
  const toWorld = affineFromRows([
    [1, slant, slant / 2, -2],
    [slant, 1, slant, -2],
    [slant / 2, slant, 1, -2],
  ])
  await expectNearest(IMAGE, affineOf([1, 1, 1]), LABELS, [9, 9, 9], toWorld)
})

test('there is room for any number of runs, and of labels of any size', async () => {
  const long = 2 ** 14 + 2
  for (const large of [3, 2 ** 40])
    await expectNearest(
      [long, 1, 1],
      affineOf([1, 1, 1]),
      Float64Array.from({ length: long }, (_, i) => (i % 2 === 0 ? 1 : large)),
      [long, 1, 1],
      affineOf([1, 1, 1], [1, 0, 0]),
    )
})

const shape = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 7 }))) as fc.Arbitrary<Vox3>
const step = fc.constantFrom(1, -1, 2, -2, 0.5, -0.5, 0.7, -1.3)
const shift = fc.constantFrom(0, 0.5, -0.5, 1, -3, 2.25, 7, 1000)
/** Axes that agree with the image's but for their direction, and such that do not. */
const slant = fc.constantFrom(0, 0, 0, 0, 0.25, -1)

const affine = fc
  .tuple(step, step, step, shift, shift, shift, slant, slant)
  .map(([a, b, c, x, y, z, s, t]) => affineOf([a, b, c], [x, y, z], [s, t]))
const image = fc.tuple(shape, affine, fc.infiniteStream(fc.constantFrom(0, 0, 0, 1, 1, 2, 2 ** 40)))

test('labels in any other grid are those of its nearest voxels, one by one', async () => {
  await fc.assert(
    fc.asyncProperty(image, shape, affine, async ([imageShape, voxelToWorldMm, labels], gridShape, gridToWorldMm) => {
      const size = imageShape.reduce((product, length) => product * length, 1)
      const data = Float64Array.from({ length: size }, () => labels.next().value as number)
      await expectNearest(imageShape, voxelToWorldMm, data, gridShape, gridToWorldMm)
    }),
    { numRuns: 200 },
  )
})

test('an image that lies beside a grid shares nothing with it', async () => {
  const shape = [2, 2, 2]
  const [here, there] = [0, 50].map((x) => {
    const voxelToWorldMm = affineFromRows([
      [1, 0, 0, x],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ])
    return {
      shape,
      voxelToWorldMm,
      runs: labelRunsOf({ data: new Uint8Array(8).fill(3), dtype: 'uint8', shape, voxelToWorldMm }),
    }
  })
  const { pairs, otherSizeVox } = await overlapLabels(here!, there!)
  expect([pairs, otherSizeVox.size]).toEqual([[], 0])
})
