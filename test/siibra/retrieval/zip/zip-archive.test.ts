import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
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

/** An archive of one stored member, whose header has an extra field of some length. */
function oneMember(data: Buffer, extraBytes: number, size = data.length): Buffer {
  const local = Buffer.alloc(30 + 1 + extraBytes)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(1, 26)
  local.writeUInt16LE(extraBytes, 28)
  local.write('m', 30)
  const entry = Buffer.alloc(47)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt32LE(crc32(data), 16)
  entry.writeUInt32LE(data.length, 20)
  entry.writeUInt32LE(size, 24)
  entry.writeUInt16LE(1, 28)
  entry.write('m', 46)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length, 12)
  end.writeUInt32LE(local.length + data.length, 16)
  return Buffer.concat([local, data, entry, end])
}

describe('what is read of an archive', () => {
  const data = Buffer.alloc(100_000, 'some data')
  const length = oneMember(data, 0).length
  /** How often, and how many bytes, until its member is there. */
  const readOf = async (bytes: Buffer, wholeUpToBytes: number) => {
    const { store, counter } = createCounting(bytes)
    const archive = await openZipArchive(store, 'x.zip', { wholeUpToBytes })
    expect(Buffer.from((await archive?.read('m')) ?? []).equals(data)).toBe(true)
    return { ...counter, heldBytes: archive?.heldBytes }
  }

  it('is all of it where it is no larger than that, once', async () => {
    expect(await readOf(oneMember(data, 0), length)).toEqual({
      reads: 2,
      bytes: ZIP_TAIL_BYTES + length,
      heldBytes: 47 * 3 + length,
    })
    const part = 30 + 1 + 128 + data.length
    // the member is followed by less than that
    expect(await readOf(oneMember(data, 0), length - 1)).toEqual({
      reads: 2,
      bytes: ZIP_TAIL_BYTES + Math.min(part, length),
      heldBytes: 47 * 3,
    })
  })

  it('is its end alone where that is all of it', async () => {
    const small = Buffer.alloc(10, 'x')
    for (const bytes of [ZIP_TAIL_BYTES - 1, ZIP_TAIL_BYTES]) {
      const archive = oneMember(small, bytes - 110)
      expect(archive.length).toBe(bytes)
      const { store, counter } = createCounting(archive)
      const open = (await openZipArchive(store, 'x.zip'))!
      expect(Buffer.from((await open.read('m'))!).equals(small)).toBe(true)
      expect(counter.reads).toBe(bytes < ZIP_TAIL_BYTES ? 1 : 2)
    }
  })

  it('is one part for a member whose extra field is usual, and two for a longer one', async () => {
    expect((await readOf(oneMember(data, 128), 0)).reads).toBe(2)
    expect((await readOf(oneMember(data, 129), 0)).reads).toBe(3)
  })

  it('is its directory, too, where that does not lie in its end', async () => {
    // of this length it begins where the end does, and with one byte more before it
    const most = ZIP_TAIL_BYTES - 22 - 47 - 30_000
    for (const [comment, reads] of [
      [most, 2],
      [most + 1, 3],
    ] as const) {
      const bytes = oneMember(data, 0)
      bytes.writeUInt16LE(30_000, bytes.length - 22 - 47 + 32)
      bytes.writeUInt32LE(47 + 30_000, bytes.length - 22 + 12)
      bytes.writeUInt16LE(comment, bytes.length - 2)
      const end = bytes.subarray(-22)
      const whole = Buffer.concat([bytes.subarray(0, -22), Buffer.alloc(30_000), end, Buffer.alloc(comment, 'c')])
      const { store, counter } = createCounting(whole)
      const archive = (await openZipArchive(store, 'x.zip', { wholeUpToBytes: 0 }))!
      expect([archive.comment.length, [...archive.entries.keys()]]).toEqual([comment, ['m']])
      expect(Buffer.from((await archive.read('m'))!).equals(data)).toBe(true)
      expect(counter.reads).toBe(reads)
    }
  })

  it('may be as large as the reader allows', async () => {
    const archive = (await openZipArchive(createCounting(oneMember(data, 0)).store, 'x.zip'))!
    expect((await archive.read('m', { maxBytes: data.length }))?.length).toBe(data.length)
    await expect(archive.read('m', { maxBytes: data.length - 1 })).rejects.toMatchObject({ code: 'BAD_DATA' })
  })

  it('is told where less is there, or it is encrypted, or its size is another', async () => {
    const read = async (bytes: Buffer) => (await openZipArchive(createCounting(bytes).store, 'x.zip'))!.read('m')
    await expect(read(oneMember(data, 0, data.length + 1))).rejects.toThrow(
      'it unpacks to 100000 bytes instead of 100001',
    )
    const cut = oneMember(data, 0)
    const at = cut.length - 22 - 47
    cut.writeUInt32LE(200_000, at + 20)
    await expect(read(cut)).rejects.toThrow(/^x\.zip \(member m\) is damaged: 100069 of 200000 packed bytes are there$/)
    const encrypted = oneMember(data, 0)
    encrypted.writeUInt16LE(1, at + 8)
    await expect(read(encrypted)).rejects.toThrow('is encrypted')
    const other = oneMember(data, 0)
    other.writeUInt16LE(12, at + 10)
    await expect(read(other)).rejects.toThrow('is packed by method 12')
    const deflated = oneMember(data, 0)
    deflated.writeUInt16LE(8, at + 10)
    await expect(read(deflated)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('is damaged'),
    })
  })
})
