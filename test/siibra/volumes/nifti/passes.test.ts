/** What a pass over a file shows: where, and what it leaves out. */
import { describe, expect, test } from 'vitest'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { identityAffine } from '../../../../src/siibra/volumes/affine.ts'
import { decodeNifti, encodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { openNifti } from '../../../../src/siibra/volumes/nifti/stream.ts'

/** Voxels of 16 bits in a block that is passed over where it is 0. */
const BLOCK = 2048
const int16File = (data: Int16Array, rows = 1) => {
  const shape = [data.length / rows, rows, 1]
  return Buffer.from(encodeNifti({ data, dtype: 'int16', shape, voxelToWorldMm: identityAffine() }))
}

/** Where the stretches begin that are shown, how long they are, and all values with 0 where nothing is shown. */
async function pass(file: Uint8Array, voxels: number) {
  const stream = await openNifti([file], { source: 'file', slices: createSlices() })
  const stretches: [number, number][] = []
  const values = new Float64Array(voxels)
  await stream.scan(voxels, (part, at) => {
    stretches.push([at, part.length])
    values.set(Array.from(part), at)
  })
  return { stretches, values }
}

describe('a pass over voxels', () => {
  test.each<[string, number[], [number, number][]]>([
    ['the first block', [0, BLOCK - 1], [[0, BLOCK]]],
    ['a block in the middle', [BLOCK + 7], [[BLOCK, BLOCK]]],
    [
      'the first and the last, which is not whole',
      [3, 3 * BLOCK + 1],
      [
        [0, BLOCK],
        [3 * BLOCK, 100],
      ],
    ],
    ['two beside each other', [2 * BLOCK - 1, 2 * BLOCK], [[BLOCK, 2 * BLOCK]]],
    ['none', [], []],
  ])('shows %s', async (_, drawn, expected) => {
    const data = new Int16Array(3 * BLOCK + 100)
    for (const at of drawn) data[at] = at + 1
    const { stretches, values } = await pass(int16File(data), data.length)
    expect(stretches).toEqual(expected)
    expect(values).toEqual(Float64Array.from(data))
  })

  test('goes on piece by piece to the last voxel', async () => {
    const data = Int16Array.from({ length: 1001 * 401 }, (_, at) => 1 + (at % 1000))
    const { stretches, values } = await pass(int16File(data, 401), data.length)
    expect(stretches.length).toBeGreaterThan(1)
    expect(values.findIndex((value, at) => value !== data[at])).toBe(-1)
  })

  test('shows 0, too, where 0 stands for something else', async () => {
    const file = int16File(new Int16Array(BLOCK + 1))
    file.writeFloatLE(2, 112)
    file.writeFloatLE(5, 116)
    const { stretches, values } = await pass(file, BLOCK + 1)
    expect(stretches).toEqual([[0, BLOCK + 1]])
    expect(values).toEqual(new Float64Array(BLOCK + 1).fill(5))
  })
})

/** The name of what the numbers mean lies right behind the last row of the sform. */
test('the affine ends with 0, 0, 0, 1, whatever stands behind it in the header', () => {
  const file = int16File(Int16Array.of(1))
  file.write('a label', 328, 'latin1')
  expect([...decodeNifti(file).voxelToWorldMm.subarray(12)]).toEqual([0, 0, 0, 1])
})
