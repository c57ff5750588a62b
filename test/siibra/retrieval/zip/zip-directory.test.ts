/** Records of zip archives, byte by byte as the format has them (APPNOTE 6.3.9), written here by hand. */
import { describe, expect, it } from 'vitest'
import {
  LOCAL_HEADER_BYTES,
  localHeaderBytes,
  locateZipDirectory,
  parseZipDirectory,
  ZIP_TAIL_BYTES,
} from '../../../../src/siibra/retrieval/zip/zip-directory.ts'

/** Little-endian numbers, each with its size in bytes. */
const bytesOf = (...numbers: (readonly [size: number, value: number | bigint])[]): Buffer =>
  Buffer.concat(
    numbers.map(([size, value]) => {
      const bytes = Buffer.alloc(size)
      if (size === 8) bytes.writeBigUInt64LE(BigInt(value))
      else bytes.writeUIntLE(Number(value), 0, size)
      return bytes
    }),
  )
const end = ({ entries = 0x0201, length = 0x04030201, offset = 0x08070605, comment = '' } = {}) =>
  Buffer.concat([
    bytesOf([4, 0x06054b50], [2, 0], [2, 0], [2, 0], [2, entries], [4, length], [4, offset], [2, comment.length]),
    Buffer.from(comment, 'latin1'),
  ])
const end64 = ({ entries = 7n, length = 8n, offset = 9n, extension = 0 } = {}) =>
  Buffer.concat([
    bytesOf([4, 0x06064b50], [8, 44 + extension], [4, 0], [8, 0], [8, 0], [8, entries], [8, length], [8, offset]),
    Buffer.alloc(extension),
  ])
const locator = (recordOffset: number | bigint) => bytesOf([4, 0x07064b50], [4, 0], [8, recordOffset], [4, 1])
const damaged = (what: string) => expect.objectContaining({ code: 'BAD_DATA', message: expect.stringContaining(what) })
const locate = (...parts: Buffer[]) => locateZipDirectory(Buffer.concat(parts), 'x.zip')

describe('the end of an archive', () => {
  const plain = { entries: 0x0201, length: 0x04030201, offset: 0x08070605, archiveBytes: 0x08070605 + 0x04030201 + 22 }

  it('tells where the directory is, wherever it stands itself', () => {
    expect(locate(end())).toEqual({ ...plain, comment: '' })
    expect(locate(Buffer.alloc(7), end())).toEqual({ ...plain, comment: '' })
    // nothing is looked for before the first byte
    expect(locate(Buffer.alloc(19), end())).toEqual({ ...plain, comment: '' })
    expect(locate(Buffer.alloc(300), end({ comment: 'a'.repeat(258) }))).toEqual({
      ...plain,
      archiveBytes: plain.archiveBytes + 258,
      comment: 'a'.repeat(258),
    })
  })

  it('is the one whose comment ends with the archive', () => {
    const comment = `é ${end({ entries: 1, comment: 'xx' }).toString('latin1')}y`
    expect(locate(end({ comment }))).toMatchObject({ entries: 0x0201, comment })
    const innermost = end({ entries: 1 }).toString('latin1')
    expect(locate(end({ comment: innermost }))).toMatchObject({ entries: 1, comment: '' })
  })

  it('is in large archives a record before it, found by its locator', () => {
    expect(locate(end64(), locator(0x0102030405n), end({ comment: 'c' }))).toEqual({
      entries: 7,
      length: 8,
      offset: 9,
      archiveBytes: 0x0102030405 + 56 + 20 + 23,
      comment: 'c',
    })
    const last = BigInt(Number.MAX_SAFE_INTEGER)
    const far = { entries: 2n ** 33n, length: 2n ** 34n, offset: last }
    expect(locate(Buffer.alloc(90), end64({ ...far, extension: 5 }), locator(1n), end())).toEqual({
      entries: 2 ** 33,
      length: 2 ** 34,
      offset: Number.MAX_SAFE_INTEGER,
      archiveBytes: 1 + 61 + 20 + 22,
      comment: '',
    })
    // of two the last
    expect(locate(end64({ entries: 1n }), end64({ entries: 2n }), locator(56), end())).toMatchObject({ entries: 2 })
    expect(() => locate(end64({ offset: last + 1n }), locator(0), end())).toThrow(
      damaged(`it claims an offset or size of ${last + 1n} bytes`),
    )
  })

  it('is told where it, or the record, is missing', () => {
    for (const parts of [[locator(0)], [Buffer.alloc(1), locator(0)], [end64().subarray(1), locator(0)]])
      expect(() => locate(...parts, end())).toThrow(damaged('its ZIP64 end record is missing'))
    const none = damaged('no end of central directory')
    expect(() => locate()).toThrow(none)
    expect(() => locate(end().subarray(0, 21))).toThrow(none)
    expect(() => locate(end().subarray(1))).toThrow(none)
    expect(() => locate(end(), Buffer.alloc(1))).toThrow(none)
    expect(() => locate(end({ comment: 'xx' }).subarray(0, 23))).toThrow(none)
  })

  it('is within the last bytes that are read', () => {
    const most = end({ comment: 'x'.repeat(65_535) })
    expect(ZIP_TAIL_BYTES).toBe(56 + 20 + most.length)
  })
})

interface EntryFields {
  name?: Buffer
  flags?: number
  method?: number
  crc?: number
  packed?: number
  size?: number
  header?: number
  extra?: Buffer
  comment?: Buffer
}
const NONE = Buffer.alloc(0)
const entry = (fields: EntryFields = {}) => {
  const { name = Buffer.from('a'), flags = 0, method = 0x0201, crc = 0x04030201, extra = NONE, comment = NONE } = fields
  const { packed = 0x08070605, size = 0x0c0b0a09, header = 0x01020304 } = fields
  return Buffer.concat([
    bytesOf([4, 0x02014b50], [2, 0], [2, 0], [2, flags], [2, method], [4, 0], [4, crc], [4, packed], [4, size]),
    bytesOf([2, name.length], [2, extra.length], [2, comment.length], [2, 0], [2, 0], [4, 0], [4, header]),
    name,
    extra,
    comment,
  ])
}
const parse = (entries: number, ...parts: Buffer[]) => parseZipDirectory(Buffer.concat(parts), entries, 'x.zip')
const PLAIN = {
  name: 'a',
  method: 0x0201,
  encrypted: false,
  crc32: 0x04030201,
  compressedBytes: 0x08070605,
  sizeBytes: 0x0c0b0a09,
  headerOffset: 0x01020304,
}

describe('the directory', () => {
  it('has the entries in their order, without folders', () => {
    const long = 'b'.repeat(258)
    const comment = Buffer.alloc(259)
    const extra = bytesOf([2, 9], [2, 256]).fill(0, 4)
    const all = parse(
      5,
      entry({ comment }),
      entry({ name: Buffer.from('folder/') }),
      entry({ name: Buffer.from(long), extra: Buffer.concat([extra, Buffer.alloc(256)]) }),
      entry({ flags: 0x801, name: Buffer.from('ü') }),
      entry({ flags: 0x6, name: Buffer.from('ü', 'latin1') }),
    )
    expect(all).toEqual([
      PLAIN,
      { ...PLAIN, name: long },
      { ...PLAIN, name: 'ü', encrypted: true },
      { ...PLAIN, name: 'ü' },
    ])
    expect(parse(0, entry())).toEqual([])
    // that of no name is as short as can be
    expect(parse(2, entry(), entry({ name: NONE }))).toMatchObject([PLAIN, { name: '' }])
  })

  it('that is cut off or is none is told, with the entry', () => {
    const missing = (which: string) => damaged(`entry ${which} in its directory is missing`)
    expect(() => parse(1)).toThrow(missing('1 of 1'))
    expect(() => parse(2, entry())).toThrow(missing('2 of 2'))
    expect(() => parse(1, entry({ name: NONE }).subarray(0, 45))).toThrow(missing('1 of 1'))
    expect(() => parse(2, entry(), end(), Buffer.alloc(99))).toThrow(missing('2 of 2'))
    const inside = (which: number) => damaged(`its directory ends inside of entry ${which}`)
    expect(() => parse(1, entry().subarray(0, -1))).toThrow(inside(1))
    expect(() => parse(2, entry(), entry({ comment: Buffer.alloc(3) }).subarray(0, -1))).toThrow(inside(2))
  })

  it('has numbers of large archives in an extra field, those that are all ones, in their order', () => {
    const ones = 0xffffffff
    const zip64 = (...values: number[]) =>
      bytesOf([2, 1], [2, values.length * 8], ...values.map((value) => [8, value] as const))
    const other = bytesOf([2, 0x5455], [2, 5], [4, ones], [1, 1])
    const empty = bytesOf([2, 7], [2, 0])
    const read = (fields: EntryFields) => {
      const [found] = parse(1, entry(fields))
      return [found?.sizeBytes, found?.compressedBytes, found?.headerOffset]
    }
    const all = { size: ones, packed: ones, header: ones }
    expect(read({ ...all, extra: zip64(2 ** 33, 2 ** 34, 2 ** 35) })).toEqual([2 ** 33, 2 ** 34, 2 ** 35])
    expect(read({ ...all, extra: Buffer.concat([other, empty, zip64(1, 2, 3), other]) })).toEqual([1, 2, 3])
    expect(read({ packed: ones, extra: zip64(5) })).toEqual([PLAIN.sizeBytes, 5, PLAIN.headerOffset])
    expect(read({ size: ones, header: ones, extra: zip64(5, 6) })).toEqual([5, PLAIN.compressedBytes, 6])
    // nothing is there for them: then they are what they are
    expect(read({ ...all, extra: Buffer.concat([other, empty]) })).toEqual([ones, ones, ones])
    expect(read({ ...all, comment: zip64(1, 2, 3) })).toEqual([ones, ones, ones])
    // the last four bytes may be a field without data
    expect(() => read({ ...all, extra: bytesOf([2, 1], [2, 0]) })).toThrow(
      damaged('a ZIP64 field of its directory is cut off'),
    )
    expect(() => read({ ...all, extra: zip64(1, 2) })).toThrow(damaged('cut off'))
    expect(read({ ...all, extra: bytesOf([2, 1], [1, 0]) })).toEqual([ones, ones, ones])
    expect(() => read({ size: ones, extra: zip64(2 ** 60) })).toThrow(damaged('claims an offset or size'))
  })
})

describe('the header of a member', () => {
  const header = (nameBytes: number, extraBytes: number) =>
    bytesOf([4, 0x04034b50], [8, 0], [8, 0], [6, 0], [2, nameBytes], [2, extraBytes])

  it('is as long as its name and its extra field make it', () => {
    expect([LOCAL_HEADER_BYTES, header(0, 0).length]).toEqual([30, 30])
    expect(localHeaderBytes(header(0x0102, 0x0304), 'x.zip')).toBe(30 + 0x0102 + 0x0304)
    expect(localHeaderBytes(Buffer.concat([header(3, 0), Buffer.alloc(9)]), 'x.zip')).toBe(33)
  })

  it('is told where there is none', () => {
    const none = damaged('a member is not where its directory says')
    for (const bytes of [NONE, header(0, 0).subarray(0, 29), Buffer.alloc(30), end({ comment: 'x'.repeat(9) })])
      expect(() => localHeaderBytes(bytes, 'x.zip')).toThrow(none)
  })
})
