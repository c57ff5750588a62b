import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cutRange } from '../../../../src/siibra/retrieval/stores/byte-range.ts'
import type { ByteRange, Store } from '../../../../src/siibra/retrieval/stores/store.ts'
import { openZipArchive } from '../../../../src/siibra/retrieval/zip/zip-archive.ts'
import { ZIP_TAIL_BYTES } from '../../../../src/siibra/retrieval/zip/zip-directory.ts'

const FOLDER = join(import.meta.dirname, '../../../fixtures/retrieval')
const TEXT = Array.from({ length: 200 }, (_, line) => `line ${line} of some text\n`).join('')

function readFixture(name: string): Buffer {
  return readFileSync(join(FOLDER, name))
}

/** A store with one archive that counts the bytes it hands out; without ranges it gives only all of it. */
function createCounting(bytes: Uint8Array, hasRanges = true) {
  const counter = { bytes: 0, reads: 0 }
  const hand = (part: Uint8Array) => {
    counter.bytes += part.length
    counter.reads++
    return part
  }
  const store: Store = {
    get: async () => hand(bytes),
    ...(hasRanges && { getRange: async (_: string, range: ByteRange) => hand(cutRange(bytes, range)) }),
  }
  return { store, counter }
}

/** The same archive behind so much else that only ranges make sense; offsets in its directory are moved on. */
function padded(name: string, padBytes: number): Uint8Array {
  const archive = readFixture(name)
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'))
  const directory = archive.readUInt32LE(end + 16)
  for (let at = directory; archive.readUInt32LE(at) === 0x02014b50; ) {
    archive.writeUInt32LE(archive.readUInt32LE(at + 42) + padBytes, at + 42)
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  archive.writeUInt32LE(directory + padBytes, end + 16)
  return Buffer.concat([Buffer.alloc(padBytes), archive])
}

describe.each([true, false])('zip archives (server knows ranges: %s)', (hasRanges) => {
  it.each(['deflated.zip', 'stored.zip', 'zip64.zip'])('reads %s as Python wrote it', async (name) => {
    const archive = (await openZipArchive(createCounting(readFixture(name), hasRanges).store, name))!
    expect([...archive.entries.keys()]).toEqual([
      'atlas/empty.bin',
      'atlas/text.txt',
      'atlas/noise.bin',
      'atlas/ü b#?%.txt',
    ])
    expect(Buffer.from((await archive.read('atlas/text.txt'))!).toString()).toBe(TEXT)
    expect((await archive.read('atlas/empty.bin'))!.length).toBe(0)
    expect((await archive.read('atlas/noise.bin'))!.length).toBe(3000)
    expect(Buffer.from((await archive.read('atlas/ü b#?%.txt'))!).toString()).toBe('special')
    expect(await archive.read('text.txt')).toBeUndefined()
  })
})

it('reads one member of a large archive by a few small ranges', async () => {
  const { store, counter } = createCounting(padded('deflated.zip', 10_000_000))
  const archive = (await openZipArchive(store, 'large.zip'))!
  expect(Buffer.from((await archive.read('atlas/text.txt'))!).toString()).toBe(TEXT)
  expect(counter.reads).toBe(2)
  expect(counter.bytes).toBeLessThan(ZIP_TAIL_BYTES + 3000)
})

it('reads a small archive once, however many members are asked for', async () => {
  const { store, counter } = createCounting(padded('deflated.zip', 200_000))
  const archive = (await openZipArchive(store, 'small.zip'))!
  for (const name of archive.entries.keys()) await archive.read(name)
  expect(counter.reads).toBe(2)
})

it('has nothing where there is no archive', async () => {
  expect(await openZipArchive({ get: async () => undefined }, 'none.zip')).toBeUndefined()
})

describe('broken zip archives', () => {
  const open = async (bytes: Uint8Array) => openZipArchive(createCounting(bytes).store, 'https://a.org/x.zip')
  const damaged = { code: 'BAD_DATA', details: { url: expect.stringContaining('https://a.org/x.zip') } }

  it('are refused when they are no archive or cut off', async () => {
    await expect(open(Buffer.from('<html>'))).rejects.toMatchObject(damaged)
    await expect(open(new Uint8Array(0))).rejects.toMatchObject(damaged)
    await expect(open(readFixture('deflated.zip').subarray(0, -30))).rejects.toMatchObject(damaged)
  })

  it('are refused when a member does not hold what its directory says', async () => {
    const bytes = readFixture('stored.zip')
    bytes[bytes.indexOf('line 7')] = 0
    await expect((await open(bytes))!.read('atlas/text.txt')).rejects.toThrow('checksum')
  })

  it('are refused when a member unpacks to more than it claims', async () => {
    const bytes = readFixture('deflated.zip')
    const entry = bytes.lastIndexOf('atlas/text.txt') - 46
    bytes.writeUInt32LE(100, entry + 24)
    await expect((await open(bytes))!.read('atlas/text.txt')).rejects.toThrow('unpacks to more than 100 bytes')
  })

  it('are refused when a member is larger than the reader allows, before it is unpacked', async () => {
    const archive = (await open(readFixture('deflated.zip')))!
    await expect(archive.read('atlas/text.txt', { maxBytes: 100 })).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { sizeBytes: TEXT.length, maxBytes: 100 },
    })
  })

  it('are refused when packed by an unknown method', async () => {
    const archive = (await open(readFixture('bzip2.zip')))!
    await expect(archive.read('atlas/text.txt')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  it('are refused when an offset leads nowhere', async () => {
    const bytes = readFixture('deflated.zip')
    bytes.writeUInt32LE(5, bytes.lastIndexOf('atlas/text.txt') - 46 + 42)
    await expect((await open(bytes))!.read('atlas/text.txt')).rejects.toMatchObject(damaged)
  })
})
