import { describe, expect, it } from 'vitest'
import type { Triple } from '../../../../src/siibra/volumes/affine.ts'
import { openOmeZarr } from '../../../../src/siibra/volumes/ome-zarr/volume.ts'
import { wholeBoxOf } from '../../../../src/siibra/volumes/pyramids/pyramid.ts'
import { createMemoryStore } from '../fixtures.ts'

const url = 'https://a.org/b.zarr'
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const AXES = ['t', 'c', 'z', 'y', 'x']

interface ArraySpec {
  shape: number[]
  chunkShape: number[]
  data_type?: string
}

/** An image of one level, whose chunks are not compressed. */
function store({ shape, chunkShape, data_type = 'uint8' }: ArraySpec, chunks: Record<string, Uint8Array> = {}) {
  const rank = shape.length
  const axes = AXES.slice(-rank).map((name) => ({ name, ...('zyx'.includes(name) && { unit: 'millimeter' }) }))
  const coordinateTransformations = [{ type: 'scale', scale: Array(rank).fill(1) }]
  const array = {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunkShape } },
    chunk_key_encoding: { name: 'default' },
    fill_value: 0,
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
    attributes: {},
  }
  const multiscales = [{ axes, datasets: [{ path: '0', coordinateTransformations }] }]
  return createMemoryStore({
    [`${url}/zarr.json`]: json({ attributes: { ome: { multiscales } } }),
    [`${url}/0/zarr.json`]: json(array),
    ...Object.fromEntries(Object.entries(chunks).map(([key, bytes]) => [`${url}/0/c/${key}`, bytes])),
  })
}

const bytesOf = (...values: bigint[]) => new Uint8Array(BigUint64Array.from(values).buffer)

describe('a box of an OME-Zarr', () => {
  it('of one of several volumes, of which a chunk holds some', async () => {
    const values = (from: number) => Uint8Array.from({ length: 8 }, (_, at) => from + at)
    const chunks = { '0/0/0/0/0': values(0), '0/1/0/0/0': values(10), '1/0/0/0/0': values(20), '1/1/0/0/0': values(30) }
    const pyramid = await openOmeZarr(store({ shape: [3, 3, 1, 1, 2], chunkShape: [2, 2, 1, 1, 2] }, chunks), url)
    expect(pyramid).toMatchObject({ volumes: 9, itemBytes: 1, beginsAtBox: false })
    const found = []
    for (let volume = 0; volume < 9; volume++) {
      const { data, shape } = await pyramid.read(pyramid.levels[0]!, { min: [0, 0, 0], max: [2, 1, 1] }, { volume })
      expect(shape).toEqual([2, 1, 1])
      found.push([...data])
    }
    // times and channels in chunks of two by two, x fastest
    const [t0, t1, t2] = [found.slice(0, 3), found.slice(3, 6), found.slice(6)]
    expect([t0, t1, t2]).toEqual([
      [
        [0, 1],
        [2, 3],
        [10, 11],
      ],
      [
        [4, 5],
        [6, 7],
        [14, 15],
      ],
      [
        [20, 21],
        [22, 23],
        [30, 31],
      ],
    ])
  })

  it('of integers of 64 bits is as wide as the chunks that it touches need', async () => {
    const chunks = { '0/0/0': bytesOf(1n, 2n), '0/0/1': bytesOf(2n ** 40n, 3n) }
    const pyramid = await openOmeZarr(
      store({ shape: [1, 1, 4], chunkShape: [1, 1, 2], data_type: 'uint64' }, chunks),
      url,
    )
    const [level] = pyramid.levels
    const all = await pyramid.read(level!, wholeBoxOf(level!), {})
    expect(all).toMatchObject({ dtype: 'float64', data: Float64Array.of(1, 2, 2 ** 40, 3) })
    const first = await pyramid.read(level!, { min: [0, 0, 0], max: [2, 1, 1] }, {})
    expect(first).toMatchObject({ dtype: 'uint32', data: Uint32Array.of(1, 2) })
  })

  it('may take what the bound allows, and no byte more', async () => {
    const chunks = { '0/0/0': new Uint8Array(48).fill(1) }
    const spec = { shape: [2, 3, 4], chunkShape: [2, 3, 4], data_type: 'uint16' }
    const pyramid = await openOmeZarr(store(spec, chunks), url)
    const [level] = pyramid.levels
    const read = (maxBytes: number, max: Triple = [4, 3, 2]) =>
      pyramid.read(level!, { min: [0, 0, 0], max }, { maxBytes })
    expect((await read(48)).data).toHaveLength(24)
    await expect(read(47)).rejects.toThrow('4 x 3 x 2 voxels take 48 bytes, the bound is 47 bytes')
    await expect(read(47, [1, 1, 1])).rejects.toThrow(
      'a chunk of 2 x 3 x 4 voxels takes 48 bytes, the bound is 47 bytes',
    )
  })

  it('of more chunks than may be read is refused before any is asked for', async () => {
    const files = store({ shape: [400, 300, 1], chunkShape: [1, 1, 1] })
    const pyramid = await openOmeZarr(files, url)
    const asked = files.asked.length
    await expect(pyramid.read(pyramid.levels[0]!, wholeBoxOf(pyramid.levels[0]!), {})).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('the box touches 120000 chunks, at most 100000 are read'),
    })
    expect(files.asked.length).toBe(asked)
  })

  /** How many chunks are asked for before the first of them comes. */
  async function atOnce(spec: ArraySpec) {
    const files = store(spec)
    const pyramid = await openOmeZarr(files, url)
    let [now, most] = [0, 0]
    const get = files.get.bind(files)
    files.get = async (key, ...options) => {
      most = Math.max(most, ++now)
      await new Promise(setImmediate)
      now--
      return get(key, ...options)
    }
    const { sizeVox } = pyramid.levels[0]!
    await pyramid.read(pyramid.levels[0]!, { min: [0, 0, 0], max: [1, 1, sizeVox[2]] }, {})
    return most
  }

  it('is read by 16 chunks at a time, or by fewer that take no more than 64 MiB', async () => {
    expect(await atOnce({ shape: [40, 2, 2], chunkShape: [1, 2, 1] })).toBe(16)
    expect(await atOnce({ shape: [4, 1, 2], chunkShape: [1, 1, 30 * 1024 ** 2] })).toBe(2)
  })

  it('of an array with other axes than its image says is refused', async () => {
    const files = store({ shape: [1, 1, 2], chunkShape: [1, 1, 2] })
    const four = store({ shape: [1, 1, 1, 2], chunkShape: [1, 1, 1, 2] })
    const get = (key: string) => (key === `${url}/0/zarr.json` ? four : files).get(key)
    await expect(openOmeZarr({ get }, url)).rejects.toThrow(`${url}/0: the array has 4 axes, its image says 3`)
  })
})
