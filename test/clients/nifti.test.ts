/** The client reads volumes as nibabel does: the same files and answers as for the service's own reader. */
import { expect, test } from 'vitest'
import { readNifti } from '../../clients/typescript/src/nifti.ts'
import { fromBase64, readJsonFixture } from '../siibra/volumes/fixtures.ts'

interface Case {
  name: string
  file: string
  error?: string
  shape: number[]
  affine: number[][]
  data: number[]
}

const cases = readJsonFixture<Case[]>('nifti.json').filter(({ error }) => !error)

test.each(cases)('$name', async ({ file, shape, affine, data }) => {
  const read = await readNifti(new Uint8Array(fromBase64(file)))
  expect([...read.shape, 1, 1, 1].slice(0, shape.length)).toEqual(shape)
  expect(Array.from(read.data as Float64Array, Number)).toEqual(data)
  for (const [at, value] of affine.flat().entries()) expect(read.voxelToWorldMm.flat()[at]).toBeCloseTo(value, 12)
})

test('what is no volume is refused', async () => {
  await expect(readNifti(new Uint8Array(10))).rejects.toThrow('too short')
  await expect(readNifti(new Uint8Array(400))).rejects.toThrow('no NIfTI file')
  const whole = new Uint8Array(fromBase64(cases[0]?.file ?? ''))
  await expect(readNifti(whole.slice(0, -1))).rejects.toThrow(/\d+ bytes, \d+ are needed/)
})
