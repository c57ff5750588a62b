import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import type { Volume } from '../../../../src/siibra/core/types.ts'
import { createSlices } from '../../../../src/siibra/slices.ts'
import { isGzip } from '../../../../src/siibra/volumes/inflate.ts'
import { decodeNifti, encodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { openNifti } from '../../../../src/siibra/volumes/nifti/stream.ts'
import { createVolumeReader } from '../../../../src/siibra/volumes/volume-reader.ts'
import { standInRetrieval } from '../../retrieval/stand-in.ts'
import { fromBase64, readJsonFixture } from '../fixtures.ts'

const cases = readJsonFixture<{ name: string; file: string; error?: string; data: number[] }[]>('nifti.json')
const open = (file: Uint8Array) => openNifti([file], { source: 'file', slices: createSlices() })

async function scanAll(file: Uint8Array): Promise<number[]> {
  const stream = await open(file)
  const voxels = stream.volumeVoxels * stream.volumes
  const values: number[] = []
  await stream.scan(voxels, (part, at) => {
    for (const [n, value] of part.entries()) values[at + n] = value
  })
  await stream.finish()
  return Array.from({ length: voxels }, (_, at) => values[at] ?? 0)
}

describe('a pass sees what nibabel reads', () => {
  test.each(cases.filter(({ error }) => !error))('$name', async ({ file, data }) => {
    expect(await scanAll(fromBase64(file))).toEqual(data)
    if (!isGzip(fromBase64(file))) expect(await scanAll(gzipSync(fromBase64(file)))).toEqual(data)
  })

  test.each(cases.filter(({ error }) => error))('and refuses: $name', async ({ file, error }) => {
    await expect(scanAll(fromBase64(file))).rejects.toMatchObject({ code: error })
  })
})

/** 24 volumes of 4 MB. */
const shape = [128, 128, 64, 24]
const volumeVoxels = 128 * 128 * 64
const maxVolumeBytes = 6 * 1024 ** 2
const file = makeFile()

function makeFile(): Uint8Array {
  const data = new Float32Array(volumeVoxels * 24)
  for (let z = 0; z < 24; z++)
    for (let n = 0; n < 1000; n++) data[z * volumeVoxels + 7919 * (z + 1) + 3 * n] = z + n / 1000
  const voxelToWorldMm = Float64Array.of(2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
  const [header, voxels] = [352, 4 * volumeVoxels]
  const plain = encodeNifti({ data, dtype: 'float32', shape, voxelToWorldMm })
  // members end in the middle of volumes, as bgzip's do
  const cuts = [0, header + 2.5 * voxels, header + 10.5 * voxels, plain.length]
  return Buffer.concat([0, 1, 2].map((n) => gzipSync(plain.subarray(cuts[n], cuts[n + 1]), { level: 1 })))
}

const volume = (z: number | null): Volume => ({
  name: 'a volume',
  variant: null,
  spaceId: null,
  providers: { nii: 'maps' },
  datasets: [],
  z,
})
const readerOf = (bytes: Uint8Array) =>
  createVolumeReader({ retrieval: standInRetrieval({ bytes: async () => bytes }), maxVolumeBytes })

describe('a 4D file larger than what may be held of a volume', () => {
  test('gives any of its volumes', async () => {
    const reader = readerOf(file)
    for (const z of [0, 11, 23]) {
      const part = await reader.fetchImage(volume(z))
      expect(part.shape).toEqual([128, 128, 64])
      expect(part.data[7919 * (z + 1) + 300]).toBe(Math.fround(z + 0.1))
    }
    await expect(reader.fetchImage(volume(null))).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`${maxVolumeBytes}`),
    })
  })

  test('shows several in one pass, in its own order', async () => {
    const seen: number[] = []
    const sums = new Map<number, number>()
    const wanted = [volume(20), volume(3), volume(4), volume(3)]
    const bytes = vi.fn(async () => file)
    const reader = createVolumeReader({ retrieval: standInRetrieval({ bytes }), maxVolumeBytes })
    const visit = (number: number) => ({
      begin: () => void seen.push(number),
      see: (values: ArrayLike<number>) => {
        for (let at = 0; at < values.length; at++) sums.set(number, (sums.get(number) ?? 0) + (values[at]! > 0 ? 1 : 0))
      },
    })
    await reader.scan(wanted, visit, { signal: new AbortController().signal })
    expect(seen).toEqual([1, 3, 2, 0])
    expect([...sums.values()]).toEqual([1000, 1000, 1000, 1000])
    expect(bytes).toHaveBeenCalledOnce()
  })

  test('that is cut: what comes before the cut is given, the rest is told with the arithmetic', async () => {
    const plain = Buffer.from(encodeNifti({ ...decodeNifti(file) }))
    const cut = gzipSync(plain.subarray(0, 352 + 4 * (5 * volumeVoxels + 10)), { level: 1 })
    const reader = readerOf(cut)
    expect((await reader.fetchImage(volume(4))).data[7919 * 5]).toBe(4)
    await expect(reader.fetchImage(volume(5))).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { url: 'maps' },
      message: expect.stringContaining(`but there are ${4 * (5 * volumeVoxels + 10)}`),
    })
    await expect(readerOf(file.subarray(0, file.length - 20)).fetchImage(volume(23))).rejects.toMatchObject({
      code: 'BAD_DATA',
    })
  })

  test('with a broken member in the middle: what comes before it is given', async () => {
    const broken = Uint8Array.from(file)
    broken.fill(0x55, file.length >> 1, (file.length >> 1) + 50)
    const reader = readerOf(broken)
    expect((await reader.fetchImage(volume(1))).data[7919 * 2]).toBe(1)
    await expect(reader.fetchImage(volume(23))).rejects.toMatchObject({ code: 'BAD_DATA', details: { url: 'maps' } })
  })

  test('a client that leaves in mid-pass ends it', async () => {
    const leaving = new AbortController()
    let seen = 0
    const visit = () => ({
      begin() {},
      see() {
        if (++seen === 3) leaving.abort()
      },
    })
    const all = Array.from({ length: 24 }, (_, z) => volume(z))
    const slow = () => ({ ...visit(), see: slowly(visit().see) })
    await expect(readerOf(file).scan(all, slow, { signal: leaving.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    expect(seen).toBeLessThan(24)
  })

  test('others have their turn meanwhile', async () => {
    let rounds = 0
    const timer = setInterval(() => rounds++, 0)
    const visit = () => ({ begin() {}, see: slowly(() => {}) })
    const all = Array.from({ length: 24 }, (_, z) => volume(z))
    await readerOf(file).scan(all, visit, { signal: new AbortController().signal })
    clearInterval(timer)
    expect(rounds).toBeGreaterThan(5)
  })
})

/** Takes longer than a slice. */
const slowly = (see: () => void) => () => {
  const untilMs = performance.now() + 8
  while (performance.now() < untilMs);
  see()
}
