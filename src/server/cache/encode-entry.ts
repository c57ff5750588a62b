/** Entries as bytes, for caches that lie elsewhere. */
import { type CacheEntry, ENCODINGS } from './cache.ts'

/** Length of the head (uint32, little endian), head as JSON with the lengths of the bodies, the bodies. */
export function encodeEntry(entry: CacheEntry): Buffer {
  const { bodies, ...rest } = entry
  const present = ENCODINGS.flatMap((encoding) => {
    const body = bodies[encoding]
    return body ? [{ encoding, body }] : []
  })
  const lengths = present.map(({ encoding, body }) => [encoding, body.byteLength])
  const head = Buffer.from(JSON.stringify({ ...rest, bodies: lengths }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, ...present.map(({ body }) => body)])
}

/** Inverse of {@link encodeEntry}; bytes that are no entry (of another version, cut off) are undefined. */
export function decodeEntry(bytes: Buffer): CacheEntry | undefined {
  try {
    let at = 4 + bytes.readUInt32LE(0)
    const { bodies: lengths, ...rest } = JSON.parse(bytes.toString('utf8', 4, at))
    const bodies: Partial<CacheEntry['bodies']> = {}
    for (const [encoding, length] of lengths as [keyof CacheEntry['bodies'], number][]) {
      bodies[encoding] = bytes.subarray(at, at + length)
      at += length
    }
    if (at !== bytes.length || bodies.identity === undefined) return undefined
    return { ...rest, bodies: { ...bodies, identity: bodies.identity } }
  } catch {
    return undefined
  }
}
