import { crc32, deflateSync } from 'node:zlib'
import type { Raster } from './draw-slice.ts'

const SIGNATURE = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
/** Bits a channel, colours (2: red, green, blue; 6: alpha, too), deflate, filters of version 0, nothing interlaced. */
const RGB_8 = [8, 2, 0, 0, 0]
const RGBA_8 = [8, 6, 0, 0, 0]
/** Each byte is stored as its difference to the one above (PNG specification, 9.2). */
const FILTER_UP = 2
const LEVEL = 4
/** Of what zlib hands over at a time: many small ones are garbage. */
const CHUNK_BYTES = 256 * 1024

/** Pixels as PNG, deflated by zlib itself: 7 ms for 512 x 420 pixels, where encoders in JavaScript take 20 to 30. */
export function encodePng({ data, widthPx, heightPx }: Raster): Uint8Array {
  const isOpaque = !hasAlpha(data)
  const rows = isOpaque ? filtered(withoutAlpha(data), 3 * widthPx, heightPx) : filtered(data, 4 * widthPx, heightPx)
  const header = Buffer.alloc(8)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([header, Buffer.from(isOpaque ? RGB_8 : RGBA_8)])),
    chunk('IDAT', deflateSync(rows, { level: LEVEL, chunkSize: CHUNK_BYTES })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function hasAlpha(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return true
  return false
}

function withoutAlpha(data: Uint8Array): Uint8Array {
  const colours = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colours[to] = data[from]!
    colours[to + 1] = data[from + 1]!
    colours[to + 2] = data[from + 2]!
  }
  return colours
}

/** Rows as differences to those above, the name of the filter before each. */
function filtered(data: Uint8Array, rowBytes: number, heightPx: number): Uint8Array {
  const rows = new Uint8Array((rowBytes + 1) * heightPx)
  for (let row = 0, to = 0; row < heightPx; row++, to += rowBytes) {
    rows[to++] = FILTER_UP
    const from = row * rowBytes
    if (row === 0) rows.set(data.subarray(0, rowBytes), to)
    else for (let n = 0; n < rowBytes; n++) rows[to + n] = data[from + n]! - data[from + n - rowBytes]!
  }
  return rows
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  checksum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, checksum])
}
