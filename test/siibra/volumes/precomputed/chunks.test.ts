import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeChunk } from '../../../../src/siibra/volumes/precomputed/chunk.ts'
import { openPrecomputed, readBox } from '../../../../src/siibra/volumes/precomputed/volume.ts'
import { createMemoryStore, type Files } from '../fixtures.ts'
import { filesOf, fixtureNamed, url, type VolumeCase, voxelAt } from './volumes.ts'

describe('chunks', () => {
  const raw = fixtureNamed('raw uint16')
  const readWith = async (fixture: VolumeCase, change: (files: Files) => void) => {
    const files = filesOf(fixture)
    change(files)
    const volume = await openPrecomputed(createMemoryStore(files), url)
    return readBox(volume, volume.info.scales[0]!)
  }
  const chunk = `${url}/s0/0-4_0-3_0-2`

  test('may be gzipped, under their own name or with .gz', async () => {
    const expected = await readWith(raw, () => {})
    const zipped = await readWith(raw, (files) => {
      files[chunk] = gzipSync(files[chunk]!)
    })
    const renamed = await readWith(raw, (files) => {
      files[`${chunk}.gz`] = gzipSync(files[chunk]!)
      delete files[chunk]
    })
    expect(zipped).toEqual(expected)
    expect(renamed).toEqual(expected)
  })

  test('that are missing are an error that names them', async () => {
    const missing = readWith(raw, (files) => {
      delete files[chunk]
    })
    await expect(missing).rejects.toThrow(expect.objectContaining({ code: 'BAD_DATA', details: { url: chunk } }))
  })

  test('after one that is missing, no more are fetched', async () => {
    const info = JSON.stringify({
      data_type: 'uint8',
      num_channels: 1,
      scales: [{ key: 's0', encoding: 'raw', size: [100, 10, 10], resolution: [1, 1, 1], chunk_sizes: [[1, 1, 1]] }],
    })
    const store = createMemoryStore({ [`${url}/info`]: Buffer.from(info) })
    const volume = await openPrecomputed(store, url)
    await expect(readBox(volume, volume.info.scales[0]!)).rejects.toMatchObject({ code: 'BAD_DATA' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(store.asked.length).toBeLessThan(100)
  })

  test('of the wrong size are an error with the arithmetic', async () => {
    const truncated = readWith(raw, (files) => {
      files[chunk] = files[chunk]!.subarray(0, 47)
    })
    await expect(truncated).rejects.toThrow(`${chunk}: 4 x 3 x 2 voxels of 1 x uint16 take 48 bytes, the chunk has 47`)
  })

  test('that inflate past their size are refused', async () => {
    const bomb = readWith(raw, (files) => {
      files[chunk] = gzipSync(new Uint8Array(1_000_000))
    })
    await expect(bomb).rejects.toThrow('inflate to more than the bound of 48 bytes')
  })

  test.each(
    ['compressed_segmentation uint64, 14 labels, block 2x3x2', 'jpeg, colour', 'png uint16, 3 channels'].map(
      fixtureNamed,
    ),
  )('truncated anywhere or with bytes changed, they are read or BAD_DATA: $name', async (fixture) => {
    const files = filesOf(fixture)
    const path = Object.keys(files).find((name) => name.includes('/s0/'))!
    const bytes = files[path]!
    const broken = Array.from(bytes, (_, length) => bytes.subarray(0, length))
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = changed[at]! ^ 0x5a
      broken.push(changed)
    }
    let refusedCount = 0
    for (const each of broken) {
      await readWith(fixture, (all) => {
        all[path] = each
      }).catch((error) => {
        expect(error).toMatchObject({ code: 'BAD_DATA' })
        refusedCount++
      })
    }
    expect(refusedCount).toBeGreaterThan(bytes.length / 4)
  })
})

describe('shards', () => {
  const fixture = fixtureNamed('sharded, murmurhash3_x86_128, index gzip, data gzip, bits (1, 2, 3)')

  test('truncated anywhere, a missing chunk, index or size is BAD_DATA', async () => {
    const files = filesOf(fixture)
    const path = Object.keys(files).find((name) => name.endsWith('.shard'))!
    for (let length = 0; length < files[path]!.length; length++) {
      const store = createMemoryStore({ ...files, [path]: files[path]!.subarray(0, length) })
      const volume = await openPrecomputed(store, url)
      await expect(readBox(volume, volume.info.scales[0]!)).rejects.toMatchObject({ code: 'BAD_DATA' })
    }
  })

  test('are read by range, each index once', async () => {
    const store = createMemoryStore(filesOf(fixture))
    const volume = await openPrecomputed(store, url)
    await readBox(volume, volume.info.scales[0]!)
    const askedFirst = store.asked.length
    store.asked.length = 0
    await readBox(volume, volume.info.scales[0]!)
    expect(store.asked.length).toBeLessThan(askedFirst)
    expect(store.asked.length).toBe(2 * 2 * 2)
  })

  test('are read from stores without ranges too', async () => {
    const { get } = createMemoryStore(filesOf(fixture))
    const volume = await openPrecomputed({ get }, url)
    const image = await readBox(volume, volume.info.scales[0]!)
    expect(voxelAt(image, 1, 0, 0)).toBe(fixture.channels[0]![1])
  })
})

describe('labels of 64 bits', () => {
  const far = [3_000_000_000, 2 ** 40, 1, 2 ** 53 - 1]

  test('are held exactly in raw chunks, beside chunks of small ones', async () => {
    const words = (values: number[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer)
    const scale = { key: 's0', encoding: 'raw', size: [4, 1, 1], resolution: [1, 1, 1], chunk_sizes: [[2, 1, 1]] }
    const info = { data_type: 'uint64', num_channels: 1, type: 'segmentation', scales: [scale] }
    const volume = await openPrecomputed(
      createMemoryStore({
        [`${url}/info`]: new TextEncoder().encode(JSON.stringify(info)),
        [`${url}/s0/0-2_0-1_0-1`]: words([7, 8]),
        [`${url}/s0/2-4_0-1_0-1`]: words([far[0]!, far[1]!]),
      }),
      url,
    )
    const image = await readBox(volume, volume.info.scales[0]!)
    expect([...image.data]).toEqual([7, 8, far[0], far[1]])
    expect(image.dtype).toBe('float64')
  })

  test('are held exactly in compressed_segmentation, and refused above 2^53', () => {
    // one block of four voxels, 2 bits each, table at word 4 behind the word of values
    const chunk = (table: bigint[]) => {
      const words = new Uint32Array(4 + 2 * table.length)
      words.set([1, (2 << 24) | 3, 2, 0b11100100])
      for (const [n, label] of table.entries())
        words.set([Number(label & 0xffffffffn), Number(label >> 32n)], 4 + 2 * n)
      return new Uint8Array(words.buffer)
    }
    const format = {
      encoding: 'compressed_segmentation' as const,
      dataType: 'uint64' as const,
      channelCount: 1,
      sizeVox: [4, 1, 1] as const,
      blockSizeVox: [4, 1, 1] as const,
    }
    expect([...decodeChunk(chunk(far.map(BigInt)), format, 'here')]).toEqual(far)
    expect(decodeChunk(chunk([1n, 2n, 3n, 4n]), format, 'here')).toBeInstanceOf(Uint32Array)
    expect(() => decodeChunk(chunk([1n, 2n, 3n, 2n ** 53n]), format, 'here')).toThrow('beyond 2^53')
  })
})
