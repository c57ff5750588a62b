import { describe, expect, it } from 'vitest'
import { SiibraError } from '../../../../src/siibra/errors.ts'
import { openChunks } from '../../../../src/siibra/volumes/ome-zarr/chunks.ts'
import { loadZarrita } from '../../../../src/siibra/volumes/ome-zarr/load-zarrita.ts'
import { createMemoryStore } from '../fixtures.ts'

const url = 'https://a.org/b.zarr/0'
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

const third = (more: object = {}) => ({
  zarr_format: 3,
  node_type: 'array',
  shape: [2, 3],
  data_type: 'uint16',
  chunk_grid: { name: 'regular', configuration: { chunk_shape: [2, 2] } },
  chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
  fill_value: 7,
  codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
  attributes: {},
  ...more,
})
const gridOf = (chunk_shape: unknown) => ({ chunk_grid: { name: 'regular', configuration: { chunk_shape } } })

const open = (more: object = {}, files: Record<string, Uint8Array> = {}) =>
  openChunks(createMemoryStore({ [`${url}/zarr.json`]: json(third(more)), ...files }), url, 3, {})

describe('an array of an OME-Zarr', () => {
  it('has chunks of its voxels, and those that nobody wrote are of its fill value', async () => {
    const array = await open({}, { [`${url}/c/0/1`]: Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 1) })
    expect(array).toMatchObject({ url, shape: [2, 3], chunkShape: [2, 2], dtype: 'uint16' })
    expect(await array.read([0, 1], {})).toEqual({
      data: Uint16Array.of(1, 2, 3, 260),
      dtype: 'uint16',
      stride: [2, 1],
      isStored: true,
    })
    expect(await array.read([0, 0], {})).toMatchObject({ data: Uint16Array.of(7, 7, 7, 7), isStored: false })
  })

  it('of truth values has 0 and 1', async () => {
    const array = await open({ data_type: 'bool', fill_value: false }, { [`${url}/c/0/0`]: Uint8Array.of(1, 0, 0, 1) })
    expect(array.dtype).toBe('uint8')
    expect((await array.read([0, 0], {})).data).toEqual(Uint8Array.of(1, 0, 0, 1))
  })

  it('of version 2 is described by .zarray', async () => {
    const document = {
      zarr_format: 2,
      shape: [2],
      chunks: [2],
      dtype: '|i1',
      compressor: null,
      fill_value: 0,
      filters: null,
      order: 'C',
    }
    const store = createMemoryStore({ [`${url}/.zarray`]: json(document), [`${url}/0`]: Uint8Array.of(255, 2) })
    const array = await openChunks(store, url, 2, {})
    expect((await array.read([0], {})).data).toEqual(Int8Array.of(-1, 2))
    await expect(openChunks(store, url, 3, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([
    [{ shape: [2, 0] }, '[2,0] voxels in chunks of [2,2]'],
    [{ shape: [2, 1.5] }, '[2,1.5] voxels in chunks of [2,2]'],
    [{ shape: [2, '3'] }, '[2,"3"] voxels in chunks of [2,2]'],
    [gridOf([2, 0]), '[2,3] voxels in chunks of [2,0]'],
    [gridOf([2, -1]), '[2,3] voxels in chunks of [2,-1]'],
  ])('%j is none', async (more, shown) => {
    await expect(open(more)).rejects.toMatchObject({ code: 'BAD_DATA', message: `${url}: the array has ${shown}` })
  })

  it('of one voxel in chunks of one is one', async () => {
    const array = await open({ shape: [1, 1], ...gridOf([1, 1]) })
    expect((await array.read([0, 0], {})).data).toEqual(Uint16Array.of(7))
  })

  it.each([
    [{ data_type: 'string', fill_value: '' }, 'UNSUPPORTED', `${url}: voxels of type string are not read`],
    [{ data_type: 'complex64' }, 'UNSUPPORTED', `${url} is no Zarr array: `],
    [{ data_type: 'r24' }, 'UNSUPPORTED', 'is no Zarr array: '],
    [{ codecs: [{ name: 'secret' }] }, 'UNSUPPORTED', 'unknown codec "secret"'],
    [{ node_type: 'group' }, 'NOT_FOUND', `${url} is no Zarr array: `],
  ])('%j is %s', async (more, code, message) => {
    const files = { [`${url}/c/0/0`]: new Uint8Array(8) }
    const reading = open(more, files).then((array) => array.read([0, 0], {}))
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it.each([6, 10])('has no chunk of %i bytes where it should have 8', async (length) => {
    const array = await open({}, { [`${url}/c/0/0`]: new Uint8Array(length) })
    await expect(array.read([0, 0], {})).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`${url}: the chunk 0/0 `),
    })
  })
})

describe('what a store throws', () => {
  const failing = (thrown: unknown) => ({ get: () => Promise.reject(thrown), getRange: () => Promise.reject(thrown) })
  const readWith = (thrown: unknown, signal?: AbortSignal) =>
    openChunks(failing(thrown), url, 3, signal ? { signal } : {})
  const away = new SiibraError('UPSTREAM_UNAVAILABLE', 'a.org is away')
  /** Behind so many errors. */
  const behind = (count: number) => {
    let error: Error = away
    for (let n = 0; n < count; n++) error = new Error(`error ${n}`, { cause: error })
    return error
  }

  it.each([0, 1, 3])('is found behind %i errors', async (count) => {
    await expect(readWith(behind(count))).rejects.toBe(away)
  })

  it('is looked for four times, and what has no cause is about the data', async () => {
    const message = `${url}: is no Zarr array: error 3`
    await expect(readWith(behind(4))).rejects.toMatchObject({ code: 'BAD_DATA', message })
    await expect(readWith('gone')).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: `${url}: is no Zarr array: gone`,
    })
  })

  it('is the end of the request where it has ended', async () => {
    const ended = new Error('the client is away')
    await expect(readWith(new Error('closed'), AbortSignal.abort(ended))).rejects.toThrow(/nobody waits/i)
  })
})

describe('a Blosc buffer that was cut', () => {
  const decode = async (bytes: Uint8Array) => {
    const load = (await loadZarrita()).registry.get('blosc')!
    const { fromConfig } = (await load()) as unknown as {
      fromConfig(configuration: object): { decode(bytes: Uint8Array): Promise<Uint8Array> }
    }
    return fromConfig({ cname: 'lz4', clevel: 5, shuffle: 'noshuffle', blocksize: 0 }).decode(bytes)
  }
  /** A header of 16 bytes that tells of so many in all. */
  const header = (told: number) => {
    const bytes = Buffer.alloc(16)
    bytes.writeUInt32LE(told, 12)
    return bytes
  }

  it.each([
    [Buffer.alloc(15), '15 bytes are no Blosc buffer of 16'],
    [header(17), '16 bytes are no Blosc buffer of 17'],
    [header(17).subarray(0, 12), '12 bytes are no Blosc buffer of 16'],
  ])('is not given to the decoder: case %#', async (bytes, message) => {
    await expect(decode(bytes)).rejects.toThrow(message)
  })
})
