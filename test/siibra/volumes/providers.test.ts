import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import type { ImageFormat } from '../../../src/siibra/core/volume-formats.ts'
import type { VoxelType } from '../../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { isStreamed, PROVIDERS, requireVolume } from '../../../src/siibra/volumes/providers.ts'
import { createVoxels, itemBytesOf } from '../../../src/siibra/volumes/typed-bytes.ts'
import { fromBase64, readJsonFixture } from './fixtures.ts'
import { recording } from './recording.ts'

const { signal } = new AbortController()

function nifti(shape: number[], dtype: VoxelType = 'uint8', slope?: number): Uint8Array {
  const data = createVoxels(
    dtype,
    shape.reduce((product, size) => product * size, 1),
  ).map((_, at) => at)
  const voxelToWorldMm = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
  const bytes = encodeNifti({ data, dtype, shape, voxelToWorldMm })
  if (slope !== undefined) new DataView(bytes.buffer, bytes.byteOffset).setFloat32(112, slope, true)
  return bytes
}

/** Reads, and says what memory was waited for. */
function reading(files: Record<string, Uint8Array>, maxBytes = 1e6) {
  const reserve = vi.fn(async () => {})
  const { retrieval } = recording(files)
  const read = (format: ImageFormat, url: string, part: number | null = null) =>
    PROVIDERS[format](url, part, { retrieval, maxBytes, signal, reserve })
  return { read, reserved: () => reserve.mock.calls.flat() }
}

test('NIfTI, alone or in an archive, comes voxel after voxel', () => {
  const streamed = (Object.keys(PROVIDERS) as ImageFormat[]).filter(isStreamed)
  expect(streamed).toEqual(['nii', 'zip/nii'])
})

test.each<[shape: number[], fits: number[], lacks: number[]]>([
  [[2, 3, 1], [0], [-1, 1]],
  [
    [2, 3, 1, 4],
    [0, 3],
    [-1, 4],
  ],
])('the volumes of %j', (shape, fits, lacks) => {
  for (const part of fits) expect(() => requireVolume(shape, part, 'file')).not.toThrow()
  for (const part of lacks)
    expect(() => requireVolume(shape, part, 'file')).toThrow(
      `volume ${part} is asked of a file that has ${shape[3] ?? 1} of 2 x 3 x 1 voxels`,
    )
})

describe('NIfTI', () => {
  const four = nifti([2, 3, 1, 4])

  test('the whole, or one volume, of which the memory is asked for', async () => {
    const { read, reserved } = reading({ four, scaled: nifti([2, 3, 1], 'int16', 2), wide: nifti([2, 3, 1], 'int32') })
    expect([...(await read('nii', 'four')).data]).toEqual(Array.from({ length: 24 }, (_, at) => at))
    expect(await read('nii', 'four', 0)).toMatchObject({ shape: [2, 3, 1], data: Uint8Array.of(0, 1, 2, 3, 4, 5) })
    expect(await read('nii', 'four', 2)).toMatchObject({ data: Uint8Array.of(12, 13, 14, 15, 16, 17) })
    expect([...(await read('nii', 'scaled')).data]).toEqual([0, 2, 4, 6, 8, 10])
    await read('nii', 'wide')
    expect(reserved()).toEqual([24, 6, 6, 6 * 8, 6 * 4])
  })

  test('a volume that it does not have is refused before there is memory for it', async () => {
    const { read, reserved } = reading({ four })
    await expect(read('nii', 'four', 4)).rejects.toThrow('volume 4 is asked of a file that has 4 of 2 x 3 x 1 voxels')
    expect(reserved()).toEqual([])
  })

  test('as many bytes as may be held, and no more', async () => {
    await expect(reading({ four }, 24).read('nii', 'four')).resolves.toBeDefined()
    await expect(reading({ four }, 6).read('nii', 'four', 1)).resolves.toBeDefined()
    const { read } = reading({ four, scaled: nifti([2, 3, 1], 'int16', 2) }, 23)
    await expect(read('nii', 'four')).rejects.toThrow('2 x 3 x 1 x 4 voxels take 24 bytes, the bound is 23 bytes')
    await expect(read('nii', 'scaled')).rejects.toThrow('2 x 3 x 1 voxels take 48 bytes, the bound is 23 bytes')
  })

  test('no more memory is asked for than the file can hold', async () => {
    const large = nifti([2, 3, 1])
    new DataView(large.buffer, large.byteOffset).setInt16(42, 30_000, true)
    new DataView(large.buffer, large.byteOffset).setInt16(44, 30_000, true)
    const zipped = gzipSync(large)
    const { read, reserved } = reading({ zipped }, 1e10)
    await expect(read('nii', 'zipped')).rejects.toMatchObject({ code: 'BAD_DATA' })
    expect(reserved()).toEqual([zipped.length * 1032])
  })

  test('the checksum counts where the last voxel is read', async () => {
    const broken = gzipSync(four)
    broken[broken.length - 8]! ^= 1
    const { read } = reading({ broken })
    for (const part of [0, 1, 2]) await expect(read('nii', 'broken', part)).resolves.toBeDefined()
    for (const part of [3, null]) await expect(read('nii', 'broken', part)).rejects.toMatchObject({ code: 'BAD_DATA' })
  })

  test('in an archive, by the name of the member behind a blank', async () => {
    const { read } = reading({ 'a.zip!b c.nii': four, '!x': four })
    expect((await read('zip/nii', 'a.zip b c.nii')).shape).toEqual([2, 3, 1, 4])
    expect((await read('zip/nii', ' x')).shape).toEqual([2, 3, 1, 4])
    await expect(read('zip/nii', 'a.zip')).rejects.toMatchObject({
      code: 'BAD_CONFIGURATION',
      message: "'a.zip' names no member of the archive",
    })
    await expect(read('zip/nii', 'a.zip d.nii')).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('a.zip (d.nii)'),
    })
  })
})

test('MGH: the whole, or a frame of it; memory for what it inflates to', async () => {
  const { file, data } = readJsonFixture<{ name: string; file: string; data: number[] }[]>('mgh.json').find(
    ({ name }) => name === 'three frames',
  )!
  const stored = fromBase64(file)
  const plain = stored[0] === 0x1f ? gunzipSync(stored) : stored
  const { read, reserved } = reading({ mgh: gzipSync(plain) })
  expect([...(await read('mgh', 'mgh')).data]).toEqual(data)
  for (const part of [0, 1, 2])
    expect([...(await read('mgh', 'mgh', part)).data]).toEqual(data.slice(12 * part, 12 * part + 12))
  await expect(read('mgh', 'mgh', 3)).rejects.toThrow('volume 3 is asked of a file that has 3')
  expect(reserved()).toEqual(Array(5).fill(plain.length))
})

interface ChunkedCase {
  name: string
  files: Record<string, string>
}

describe.each<[format: ImageFormat, fixture: string, name: string, size: number[], dtype: VoxelType, others: number]>([
  ['neuroglancer/precomputed', 'precomputed.json', 'raw uint16', [4, 5, 7], 'uint16', 1],
  ['ome-zarr', 'ome-zarr.json', '0.5, channels', [9, 7, 6], 'uint8', 3],
  ['zarr', 'ome-zarr.json', '0.4, zlib, transformations of the whole image', [9, 7, 6], 'float32', 1],
])('%s of %s: %s', (format, fixture, name, size, dtype, others) => {
  const { files } = readJsonFixture<ChunkedCase[]>(fixture).find((one) => one.name === name)!
  const stored = Object.fromEntries(Object.entries(files).map(([path, text]) => [`url/${path}`, fromBase64(text)]))

  test('has as many volumes as it says, for which memory is asked', async () => {
    const { read, reserved } = reading(stored)
    const whole = await read(format, 'url')
    expect(whole.shape).toEqual(size)
    expect(await read(format, 'url', 0)).toEqual(whole)
    await expect(read(format, 'url', others)).rejects.toThrow(`volume ${others} is asked of a file that has ${others}`)
    const bytes = whole.data.length * itemBytesOf(dtype)
    expect([itemBytesOf(whole.dtype), reserved().slice(0, 2)]).toEqual([itemBytesOf(dtype), [bytes, bytes]])
  })

  test('what is missing of what the configuration promises is away', async () => {
    await expect(reading({}).read(format, 'url')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})
