import { crc32 } from 'node:zlib'
import { textBytes } from '../part.ts'

/** A zip archive of text files, stored without compression, in the order given. Dates are 1980-01-01, so bytes never vary. */
export function encodeZip(members: Record<string, string>): Uint8Array {
  const locals: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const [name, content] of Object.entries(members)) {
    const nameBytes = textBytes(name)
    const data = textBytes(content)
    const common = commonFields(crc32(data), data.length, nameBytes.length)
    const local = concat([uint32(0x04034b50), common, uint16(0), nameBytes, data])
    directory.push(
      concat([
        uint32(0x02014b50),
        uint16(20),
        common,
        // no extra field, no comment, disk 0, no attributes
        new Uint8Array(12),
        uint32(offset),
        nameBytes,
      ]),
    )
    locals.push(local)
    offset += local.length
  }
  const directoryBytes = concat(directory)
  const count = uint16(directory.length)
  return concat([
    ...locals,
    directoryBytes,
    uint32(0x06054b50),
    uint32(0),
    count,
    count,
    uint32(directoryBytes.length),
    uint32(offset),
    uint16(0),
  ])
}

/** Fields that local header and directory entry share: version, flags (UTF-8), method, time, date, CRC, sizes, name length. */
function commonFields(crc: number, size: number, nameLength: number): Uint8Array {
  return concat([
    uint16(20),
    uint16(0x0800),
    uint16(0),
    uint16(0),
    uint16(0x21),
    uint32(crc),
    uint32(size),
    uint32(size),
    uint16(nameLength),
  ])
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8)
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >>> 24)
}
