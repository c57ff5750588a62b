/**
 * The pages of a TIFF (revision 6.0, and BigTIFF): grey pixels of 8 to 64 bits in strips or tiles, plain, deflated or LZW, with or without
 * differencing. Written here since the well-kept packages read no integers of 32 bits, or bring a worker pool and seven packages.
 */
import { inflateSync } from 'node:zlib'
import { readTyped, type StoredType, type TypedBytes } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import { decompressLzw } from './lzw.ts'

export interface TiffPage extends TypedBytes {
  width: number
  height: number
  /** ImageDescription: tifffile and ImageJ say there what the pages are together. */
  description: string
}

/** Bytes of TIFF's types of values, by number. */
const VALUE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  11: 4,
  12: 8,
  16: 8,
  17: 8,
  18: 8,
}

const WIDTH = 256
const HEIGHT = 257
const BITS = 258
const COMPRESSION = 259
const DESCRIPTION = 270
const STRIP_OFFSETS = 273
const SAMPLES = 277
const ROWS_PER_STRIP = 278
const STRIP_BYTES = 279
const PREDICTOR = 317
const TILE_WIDTH = 322
const TILE_HEIGHT = 323
const TILE_OFFSETS = 324
const TILE_BYTES = 325
const FORMAT = 339

interface Directory {
  values: Map<number, number[]>
  description: string
}

/** All pages in their order. Where ImageJ has written one directory for a whole stack, the pages that follow its pixels. */
export function decodeTiff(bytes: Uint8Array, file: string): TiffPage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isLittle = bytes[0] === 0x49
  const isBig = view.getUint16(2, isLittle) === 43
  const offsetAt = (at: number) => (isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle))
  const pages: TiffPage[] = []
  const seen = new Set<number>()
  for (let at = offsetAt(isBig ? 8 : 4); at !== 0; ) {
    if (seen.has(at)) throw badSource(file, 'its list of pages leads back to itself')
    seen.add(at)
    const count = isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint16(at, isLittle)
    const directory = readDirectory(view, at, { count, isLittle, isBig })
    pages.push(decodePage(bytes, directory, isLittle, file))
    at = offsetAt(at + (isBig ? 8 : 2) + count * (isBig ? 20 : 12))
  }
  return pages.length === 1 ? withImagejPages(bytes, view, pages[0]!, isLittle, offsetAt, isBig, file) : pages
}

function readDirectory(
  view: DataView,
  start: number,
  { count, isLittle, isBig }: { count: number; isLittle: boolean; isBig: boolean },
): Directory {
  const values = new Map<number, number[]>()
  let description = ''
  for (let i = 0; i < count; i++) {
    const entry = start + (isBig ? 8 + 20 * i : 2 + 12 * i)
    const tag = view.getUint16(entry, isLittle)
    const type = view.getUint16(entry + 2, isLittle)
    const size = VALUE_BYTES[type]
    if (size === undefined) continue
    const length = isBig ? Number(view.getBigUint64(entry + 4, isLittle)) : view.getUint32(entry + 4, isLittle)
    const inline = entry + (isBig ? 12 : 8)
    const isInline = length * size <= (isBig ? 8 : 4)
    const from = isInline
      ? inline
      : isBig
        ? Number(view.getBigUint64(inline, isLittle))
        : view.getUint32(inline, isLittle)
    if (type === 2) {
      if (tag === DESCRIPTION && description === '') {
        description = new TextDecoder()
          .decode(new Uint8Array(view.buffer, view.byteOffset + from, length))
          .replace(/\0.*$/s, '')
      }
      continue
    }
    const read = (at: number) =>
      size === 1
        ? view.getUint8(at)
        : size === 2
          ? view.getUint16(at, isLittle)
          : size === 4 || type === 5
            ? view.getUint32(at, isLittle)
            : Number(view.getBigUint64(at, isLittle))
    values.set(
      tag,
      Array.from({ length }, (_, n) => read(from + n * size)),
    )
  }
  return { values, description }
}

function decodePage(bytes: Uint8Array, { values, description }: Directory, isLittle: boolean, file: string): TiffPage {
  const one = (tag: number, missing: number) => values.get(tag)?.[0] ?? missing
  const [width, height, bits] = [one(WIDTH, 0), one(HEIGHT, 0), one(BITS, 1)]
  if (one(SAMPLES, 1) !== 1)
    throw badSource(
      file,
      `its pixels have ${one(SAMPLES, 1)} samples (colours)`,
      'Grey pages are needed: one number a pixel.',
    )
  const type = typeOf(one(FORMAT, 1), bits)
  if (!type || width < 1 || height < 1)
    throw badSource(file, `pages of ${width} x ${height} pixels of ${bits} bits are not read`)
  const itemBytes = bits / 8
  const isTiled = values.has(TILE_OFFSETS)
  const [blockWidth, blockHeight] = isTiled
    ? [one(TILE_WIDTH, width), one(TILE_HEIGHT, height)]
    : [width, Math.min(height, one(ROWS_PER_STRIP, height))]
  const offsets = values.get(isTiled ? TILE_OFFSETS : STRIP_OFFSETS) ?? []
  const sizes = values.get(isTiled ? TILE_BYTES : STRIP_BYTES) ?? []
  const across = Math.ceil(width / blockWidth)
  const page = new Uint8Array(width * height * itemBytes)
  offsets.forEach((offset, block) => {
    const left = (block % across) * blockWidth
    const top = Math.floor(block / across) * blockHeight
    const rows = isTiled ? blockHeight : Math.min(blockHeight, height - top)
    const blockBytes = blockWidth * rows * itemBytes
    const stored = bytes.subarray(offset, offset + (sizes[block] ?? blockBytes))
    const raw = expand(stored, one(COMPRESSION, 1), blockBytes, file)
    if (raw.length < blockBytes)
      throw badSource(file, `a block of ${blockBytes} bytes has only ${raw.length}`, 'Is the file complete?')
    if (one(PREDICTOR, 1) === 2) undoDifferencing(raw, blockWidth, rows, itemBytes, isLittle)
    else if (one(PREDICTOR, 1) !== 1)
      throw badSource(file, `predictor ${one(PREDICTOR, 1)} is not read`, 'Save it without a predictor.')
    const rowBytes = Math.min(blockWidth, width - left) * itemBytes
    for (let row = 0; row < Math.min(rows, height - top); row++) {
      const from = row * blockWidth * itemBytes
      page.set(raw.subarray(from, from + rowBytes), ((top + row) * width + left) * itemBytes)
    }
  })
  return {
    width,
    height,
    description,
    ...readTyped(page, type, width * height, { littleEndian: isLittle, source: file }),
  }
}

function typeOf(format: number, bits: number): StoredType | undefined {
  const name = `${format === 2 ? 'int' : format === 3 ? 'float' : 'uint'}${bits}`
  return ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64', 'float32', 'float64'].includes(name)
    ? (name as StoredType)
    : undefined
}

function expand(stored: Uint8Array, compression: number, expectedBytes: number, file: string): Uint8Array {
  switch (compression) {
    case 1:
      return Uint8Array.from(stored)
    case 5:
      return decompressLzw(stored, expectedBytes)
    case 8:
    case 32_946:
      return Uint8Array.from(inflateSync(stored, { maxOutputLength: Math.max(1, expectedBytes) }))
    default:
      throw badSource(file, `compression ${compression} is not read`, 'Save it plain, deflated or with LZW.')
  }
}

/** Every pixel of a row holds the difference to the one before. */
function undoDifferencing(raw: Uint8Array, width: number, rows: number, itemBytes: number, isLittle: boolean): void {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  for (let row = 0; row < rows; row++) {
    for (let column = 1; column < width; column++) {
      const at = (row * width + column) * itemBytes
      if (itemBytes === 1) raw[at] = raw[at]! + raw[at - 1]!
      else if (itemBytes === 2)
        view.setUint16(at, view.getUint16(at, isLittle) + view.getUint16(at - 2, isLittle), isLittle)
      else if (itemBytes === 4)
        view.setUint32(at, view.getUint32(at, isLittle) + view.getUint32(at - 4, isLittle), isLittle)
      else view.setBigUint64(at, view.getBigUint64(at, isLittle) + view.getBigUint64(at - 8, isLittle), isLittle)
    }
  }
}

/** ImageJ describes a large stack by `images=N` and one directory: its pixels follow each other. */
function withImagejPages(
  bytes: Uint8Array,
  view: DataView,
  first: TiffPage,
  isLittle: boolean,
  offsetAt: (at: number) => number,
  isBig: boolean,
  file: string,
): TiffPage[] {
  const shape = /"shape"\s*:\s*\[([\d,\s]+)\]/.exec(first.description)?.[1]?.split(',').map(Number)
  const count = Number(/\bimages=(\d+)/.exec(first.description)?.[1] ?? (shape?.length === 3 ? shape[0] : 1))
  if (!(count > 1)) return [first]
  const start = offsetAt(isBig ? 8 : 4)
  const entries = isBig ? Number(view.getBigUint64(start, isLittle)) : view.getUint16(start, isLittle)
  const { values } = readDirectory(view, start, { count: entries, isLittle, isBig })
  const pageBytes = first.data.byteLength
  const from = values.get(STRIP_OFFSETS)?.[0]
  if (from === undefined || (values.get(COMPRESSION)?.[0] ?? 1) !== 1 || from + count * pageBytes > bytes.length) {
    throw badSource(file, `it promises ${count} pages, but holds one`, 'Is the file complete?')
  }
  const { width, height, description } = first
  const type = typeOf(values.get(FORMAT)?.[0] ?? 1, values.get(BITS)?.[0] ?? 8)!
  return Array.from({ length: count }, (_, page) => {
    const pixels = bytes.subarray(from + page * pageBytes, from + (page + 1) * pageBytes)
    return {
      width,
      height,
      description,
      ...readTyped(pixels, type, width * height, { littleEndian: isLittle, source: file }),
    }
  })
}
