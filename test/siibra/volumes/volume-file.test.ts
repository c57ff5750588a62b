import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { scalingAffine } from '../../../src/siibra/volumes/affine.ts'
import type { VoxelType } from '../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { createVoxels } from '../../../src/siibra/volumes/typed-bytes.ts'
import { isSentAsWritten } from '../../../src/siibra/volumes/volume-file.ts'
import { fromBase64, readJsonFixture } from './fixtures.ts'

const fileOf = (dtype: VoxelType, shape = [2, 3, 2]) => {
  const voxels = shape.reduce((product, size) => product * size, 1)
  return encodeNifti({
    data: createVoxels(dtype, voxels).fill(7),
    dtype,
    shape,
    voxelToWorldMm: scalingAffine([1, 2, 3]),
  })
}
const isWritten = (plain: Uint8Array) => isSentAsWritten(gzipSync(plain), 'file')
const uint8 = fileOf('uint8')
const changed = (at: number, value: number) => {
  const bytes = uint8.slice()
  new DataView(bytes.buffer).setFloat32(at, value, true)
  return bytes
}

it.each(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32'] as const)('a gzipped volume of %s is', async (dtype) =>
  expect(await isWritten(fileOf(dtype))).toBe(true),
)

it.each([
  ['fractions', fileOf('float32')],
  ['four axes', fileOf('uint8', [2, 3, 2, 1])],
  ['a slope', changed(112, 2)],
  ['bytes behind the voxels', Buffer.concat([uint8, Buffer.alloc(1)])],
])('a volume with %s is not', async (_, plain) => {
  expect(await isWritten(plain)).toBe(false)
})

it('one that is not gzipped, of two members, or with something behind them is not', async () => {
  expect(await isSentAsWritten(uint8, 'file')).toBe(false)
  const [head, rest] = [gzipSync(uint8.subarray(0, 360)), gzipSync(uint8.subarray(360))]
  expect(await isSentAsWritten(Buffer.concat([head, rest]), 'file')).toBe(false)
  expect(await isSentAsWritten(Buffer.concat([gzipSync(uint8), gzipSync('')]), 'file')).toBe(false)
})

it.each(['NIfTI-1 int16 >', 'NIfTI-2 int16 <'])('neither is %s', async (wanted) => {
  const cases = readJsonFixture<{ name: string; file: string }[]>('nifti.json')
  expect(await isWritten(fromBase64(cases.find(({ name }) => name === wanted)!.file))).toBe(false)
})
