import { inflateRawSync } from 'node:zlib'

/** Members of an archive in memory, in their order, read from its central directory; sizes are checked. */
export function unzip(bytes: Uint8Array): Map<string, Buffer> {
  const archive = Buffer.from(bytes)
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('not a zip archive')
  const members = new Map<string, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  for (let i = archive.readUInt16LE(end + 10); i > 0; i--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset))
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength!)
    const localAt = archive.readUInt32LE(at + 42)
    const dataAt = localAt + 30 + archive.readUInt16LE(localAt + 26) + archive.readUInt16LE(localAt + 28)
    const packed = archive.subarray(dataAt, dataAt + archive.readUInt32LE(at + 20))
    const content = archive.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed
    if (content.length !== archive.readUInt32LE(at + 24)) throw new Error(`${name} has the wrong size`)
    members.set(name, content)
    at += 46 + nameLength! + extraLength! + commentLength!
  }
  return members
}
