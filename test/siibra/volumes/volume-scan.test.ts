import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { scalingAffine } from '../../../src/siibra/volumes/affine.ts'
import { encodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'
import { createVolumeReader } from '../../../src/siibra/volumes/volume-reader.ts'
import { scanFiles } from '../../../src/siibra/volumes/volume-scan.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'
import { fromBase64, readJsonFixture } from './fixtures.ts'
import { recording, volumeOf } from './recording.ts'

const voxelToWorldMm = scalingAffine([1, 2, 3])
/** Volumes of two voxels: 10 11, 20 21, 30 31 ... */
const fileOf = (volumes: number, shape = [2, 1, 1, volumes]) => {
  const data = Uint8Array.from({ length: 2 * volumes }, (_, at) => 10 * (1 + (at >> 1)) + (at & 1))
  return encodeNifti({ data, dtype: 'uint8', shape, voxelToWorldMm })
}
const { signal } = new AbortController()

/** Notes what is shown, volume after volume. */
function looking() {
  const seen: { number: number; head?: object; values: number[] }[] = []
  const visit = (number: number) => {
    const one: (typeof seen)[0] = { number, values: [] }
    seen.push(one)
    return {
      begin: (head: object) => void Object.assign(one, { head }),
      see: (values: ArrayLike<number>, at: number) => {
        for (let n = 0; n < values.length; n++) one.values[at + n] = values[n]!
      },
    }
  }
  return { visit, valuesSeen: () => seen.map(({ number, values }) => [number, ...values]), seen }
}

/** A file whose checksum is wrong. */
function withWrongSum(plain: Uint8Array): Uint8Array {
  const bytes = gzipSync(plain)
  bytes[bytes.length - 8]! ^= 1
  return bytes
}

describe('volumes of one file', () => {
  test('are shown in the order of the file, by one reading, each to all who asked for it', async () => {
    const { asked, retrieval } = recording({ a: fileOf(5) })
    const { visit, seen, valuesSeen } = looking()
    const wanted = [4, 1, 2, 1].map((z) => volumeOf({ nii: 'a' }, z))
    const onVolume = vi.fn()
    await createVolumeReader({ retrieval }).scan(wanted, visit, { signal, onVolume })
    expect(asked).toEqual(['a'])
    expect(valuesSeen()).toEqual([
      [1, 20, 21],
      [3, 20, 21],
      [2, 30, 31],
      [0, 50, 51],
    ])
    expect(onVolume.mock.calls).toEqual([[1], [3], [2], [0]])
    expect(seen[0]!.head).toEqual({ shape: [2, 1, 1], voxelToWorldMm })
  })

  test('need no number where there is one, and need one where there are several', async () => {
    const { retrieval } = recording({ flat: fileOf(1, [2, 1, 1]), one: fileOf(1), two: fileOf(2) })
    const reader = createVolumeReader({ retrieval })
    const { visit, valuesSeen } = looking()
    await reader.scan([volumeOf({ nii: 'flat' }), volumeOf({ nii: 'one' })], visit, { signal })
    expect(valuesSeen()).toEqual([
      [0, 10, 11],
      [1, 10, 11],
    ])
    await expect(reader.scan([volumeOf({ nii: 'two' })], visit, { signal })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('2 volumes of 2 x 1 x 1 voxels, and the configuration does not say which (z)'),
    })
    await expect(reader.scan([volumeOf({ nii: 'two' }, 2)], visit, { signal })).rejects.toThrow(
      'volume 2 is asked of a file that has 2 of 2 x 1 x 1 voxels',
    )
  })

  test('are not read past the last that is wanted; the checksum counts where that is the last of the file', async () => {
    const reader = createVolumeReader({ retrieval: recording({ a: withWrongSum(fileOf(3)) }).retrieval })
    const scan = (z: number) => reader.scan([volumeOf({ nii: 'a' }, z)], looking().visit, { signal })
    await expect(scan(0)).resolves.toBeUndefined()
    await expect(scan(1)).resolves.toBeUndefined()
    await expect(scan(2)).rejects.toMatchObject({ code: 'BAD_DATA' })
  })
})

describe('volumes that are in memory', () => {
  const { file, data, shape } = readJsonFixture<{ name: string; file: string; data: number[]; shape: number[] }[]>(
    'mgh.json',
  ).find(({ name }) => name === 'three frames')!
  const { retrieval } = recording({ mgh: fromBase64(file), l: fileOf(1, [2, 1, 1]), r: fileOf(1, [1, 2, 1]) })

  test('are shown at once and not kept, and need a number where there are several', async () => {
    const reader = createVolumeReader({ retrieval })
    const { visit, seen, valuesSeen } = looking()
    const onVolume = vi.fn()
    await reader.scan([volumeOf({ mgh: 'mgh' }, 1)], visit, { signal, onVolume })
    expect(valuesSeen()).toEqual([[0, ...data.slice(12, 24)]])
    expect(seen[0]!.head).toMatchObject({ shape: shape.slice(0, 3) })
    expect(onVolume.mock.calls).toEqual([[0]])
    expect(reader.stats().entries).toBe(0)
    await expect(reader.scan([volumeOf({ mgh: 'mgh' })], visit, { signal })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`${shape.join(' x ')} voxels, and the configuration does not say which (z)`),
    })
  })

  test('fragments are shown as one', async () => {
    const reader = createVolumeReader({ retrieval })
    const { visit, valuesSeen } = looking()
    const sides = volumeOf({ nii: { left: 'l', right: 'r' } })
    await reader.scan([sides], visit, { signal })
    await reader.scan([sides], visit, { signal, fragment: 'right' })
    expect(valuesSeen()).toEqual([
      [0, 10, 11, 11, 0],
      [0, 10, 11],
    ])
  })
})

describe('many files', () => {
  const files = Array.from({ length: 10 }, (_, n) => `${n}`)
  const contents = Object.fromEntries(files.map((name) => [name, fileOf(1)]))
  const wanted = files.map((nii) => volumeOf({ nii }))

  test('are shown in turn, six of them fetched ahead of the one that is read', async () => {
    let give = () => {}
    const first = new Promise<void>((resolve) => {
      give = resolve
    })
    const { asked, retrieval } = recording(contents, (key) => (key === '0' ? first : Promise.resolve()))
    const { visit, seen } = looking()
    const done = createVolumeReader({ retrieval }).scan(wanted, visit, { signal })
    await new Promise(setImmediate)
    expect([asked, seen]).toEqual([files.slice(0, 7), []])
    give()
    await done
    expect(seen.map(({ number }) => number)).toEqual(files.map(Number))
  })

  test('one that fails ends all, those that are still fetched too', async () => {
    const signals: AbortSignal[] = []
    const bytes = async (key: string, options: { signal: AbortSignal }) => {
      if (key === '0') return Buffer.from('no file')
      signals.push(options.signal)
      return new Promise(() => {})
    }
    const retrieval = standInRetrieval({ bytes })
    const scanning = createVolumeReader({ retrieval }).scan(wanted.slice(0, 9), looking().visit, { signal })
    await expect(scanning).rejects.toMatchObject({ code: 'BAD_DATA', details: { url: '0' } })
    expect(signals.map(({ aborted }) => aborted)).toEqual(Array(6).fill(true))
  })

  test('one that fails is told, and the others are read, where that is wanted', async () => {
    const { retrieval } = recording({ ...contents, 3: Buffer.from('no file') })
    const { visit, seen } = looking()
    const onFailure = vi.fn()
    const parts = [{ z: null, numbers: [0, 7] }]
    const scanned = files.map((url) => ({ format: 'nii' as const, url, parts }))
    await scanFiles(retrieval, scanned, visit, { signal, onFailure })
    expect(onFailure.mock.calls).toEqual([[expect.objectContaining({ code: 'BAD_DATA' }), [0, 7]]])
    expect(seen.length).toBe(18)
  })

  test('who leaves hears of no failure', async () => {
    const leaving = new AbortController()
    const onFailure = vi.fn()
    const { retrieval } = recording(contents, async () => leaving.abort())
    const scanning = createVolumeReader({ retrieval }).scan(wanted, looking().visit, {
      signal: leaving.signal,
      onFailure,
    })
    await expect(scanning).rejects.toMatchObject({ code: 'ABORTED' })
    expect(onFailure).not.toHaveBeenCalled()
  })
})
