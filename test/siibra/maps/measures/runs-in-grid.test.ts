import fc from 'fast-check'
import { expect, test } from 'vitest'
import { labelRunsOf } from '../../../../src/siibra/maps/labels/label-runs.ts'
import { overlapLabels } from '../../../../src/siibra/maps/measures/overlap.ts'
import { runsInGrid } from '../../../../src/siibra/maps/measures/runs-in-grid.ts'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { affineFromRows, invertAffine, multiplyAffines } from '../../../../src/siibra/volumes/affine.ts'

const shape = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 7 }))) as fc.Arbitrary<[number, number, number]>
const step = fc.constantFrom(1, -1, 2, -2, 0.5, -0.5, 0.7, -1.3)
const shift = fc.constantFrom(0, 0.5, -0.5, 1, -3, 2.25, 7, 1000)
/** Axes that agree with the image's but for their direction, and such that do not. */
const slant = fc.constantFrom(0, 0, 0, 0, 0.25, -1)

const affine = fc.tuple(step, step, step, shift, shift, shift, slant, slant).map(([a, b, c, x, y, z, s, t]) =>
  affineFromRows([
    [a, s, 0, x],
    [0, b, t, y],
    [0, 0, c, z],
  ]),
)
const image = fc.tuple(shape, affine, fc.infiniteStream(fc.constantFrom(0, 0, 0, 1, 1, 2, 2 ** 40)))

test('labels in another grid are those of its nearest voxels, one by one', async () => {
  await fc.assert(
    fc.asyncProperty(image, shape, affine, async ([imageShape, voxelToWorldMm, labels], gridShape, gridToWorldMm) => {
      const [mx, my, mz] = imageShape
      const data = Float64Array.from({ length: mx * my * mz }, () => labels.next().value as number)
      const runs = labelRunsOf({ data, dtype: 'float64', shape: imageShape, voxelToWorldMm })
      const grid = { shape: gridShape, voxelToWorldMm: gridToWorldMm }
      const found = await runsInGrid({ shape: imageShape, voxelToWorldMm, runs }, grid, createSlices())
      const m = multiplyAffines(invertAffine(voxelToWorldMm), gridToWorldMm)
      const [nx, ny, nz] = gridShape
      const expected = new Float64Array(nx * ny * nz)
      for (let k = 0; k < nz; k++)
        for (let j = 0; j < ny; j++)
          for (let i = 0; i < nx; i++) {
            const at = (row: number) =>
              Math.floor(m[row]! * i + (m[row + 1]! * j + m[row + 2]! * k + m[row + 3]! + 0.5))
            const [x, y, z] = [at(0), at(4), at(8)]
            if (x < 0 || y < 0 || z < 0 || x >= mx || y >= my || z >= mz) continue
            expected[(k * ny + j) * nx + i] = data[(z * my + y) * mx + x]!
          }
      const dense = new Float64Array(expected.length)
      let before = 0
      for (const [run, start] of found.startVox.entries()) {
        expect(start).toBeGreaterThanOrEqual(before)
        before = start + found.lengthVox[run]!
        dense.fill(found.label[run]!, start, before)
      }
      expect(dense).toEqual(expected)
      const sizes = new Map<number, number>()
      for (const label of expected) if (label !== 0) sizes.set(label, (sizes.get(label) ?? 0) + 1)
      expect(new Map([...found.sizeVox].filter(([, voxels]) => voxels > 0))).toEqual(sizes)
    }),
    { numRuns: 400 },
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
