/** Files with something wrong, made from whole ones: the same for the same number. */
import { gunzipSync, gzipSync } from 'node:zlib'

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** What is odd about numbers: none, the largest, negative, not a number. */
const ODD_WORDS = [0, 1, -1, 0x7fffffff, -0x80000000, 0x7fc00000, 0x10000, 0x01000000]
const ODD_TEXTS = ['-1', '1e999', 'NaN', '99999999999', '""', '<![CDATA[', '[[[[', '\0', '{}', '&x;', '\u{10ffff}']

/** Most changes are near the beginning, where headers are. */
const placeIn = (length: number, random: () => number): number =>
  Math.floor((random() < 0.6 ? random() * Math.min(length, 400) : random() * length) % Math.max(1, length))

function mutateOnce(bytes: Buffer, random: () => number): Buffer {
  const at = placeIn(bytes.length, random)
  const span = 1 + Math.floor(random() * Math.min(64, bytes.length - at))
  switch (Math.floor(random() * 9)) {
    case 0: {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      return changed
    }
    case 1: {
      const changed = Buffer.from(bytes)
      changed[at] = Math.floor(random() * 256)
      return changed
    }
    case 2:
    case 3: {
      if (bytes.length < 4) return bytes
      const changed = Buffer.from(bytes)
      const aligned = Math.min(at & ~1, bytes.length - 4)
      const word = ODD_WORDS[Math.floor(random() * ODD_WORDS.length)] ?? 0
      if (random() < 0.5) changed.writeInt32LE(word, aligned)
      else changed.writeInt32BE(word, aligned)
      return changed
    }
    case 4:
      return bytes.subarray(0, at)
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + span)])
    case 6:
      return Buffer.concat([bytes.subarray(0, at + span), bytes.subarray(at)])
    case 7:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(span, Math.floor(random() * 256)), bytes.subarray(at)])
    default: {
      const text = Buffer.from(ODD_TEXTS[Math.floor(random() * ODD_TEXTS.length)] ?? '')
      return Buffer.concat([bytes.subarray(0, at), text, bytes.subarray(at + text.length)])
    }
  }
}

/** One to four changes; of a gzipped file within it or around it. */
export function mutate(whole: Uint8Array, seed: number): Uint8Array {
  const random = randomOf(seed)
  let bytes = Buffer.from(whole)
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b && random() < 0.7
  if (isPacked) bytes = gunzipSync(bytes)
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) bytes = mutateOnce(bytes, random) as typeof bytes
  return isPacked ? gzipSync(bytes, { level: 1 }) : bytes
}

/** What may stand in place of any value of a JSON document. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 0.5, 1e308, -1e308, 4294967296, 2 ** 53, 100_000],
  ...['', 'x', '../../x', '/', '\0', '10', [], {}, [[]], [null], [1, 2, 3], { x: 1 }],
]

/** A JSON document that is one still, with one to three of its values another, gone, or twice there; other bytes as by {@link mutate}. */
export function mutateDocument(whole: Uint8Array, seed: number): Uint8Array {
  let document: unknown
  try {
    document = JSON.parse(Buffer.from(whole).toString())
  } catch {
    return mutate(whole, seed)
  }
  const random = randomOf(seed)
  for (let left = 1 + Math.floor(random() * 3); left > 0; left--) {
    const places = placesOf(document)
    const place = places[Math.floor(random() * places.length)]
    if (place === undefined) break
    const { holder, key } = place
    const way = random()
    if (Array.isArray(holder) && way < 0.15) holder.splice(Number(key), 1)
    else if (Array.isArray(holder) && way < 0.3) holder.push(structuredClone(holder[Number(key)]))
    else if (!Array.isArray(holder) && way < 0.2) delete holder[key]
    // a copy: a later change would go into the list itself, and an object could come to hold itself
    else Object.assign(holder, { [key]: structuredClone(ODD_VALUES[Math.floor(random() * ODD_VALUES.length)]) })
  }
  return Buffer.from(JSON.stringify(document))
}

type Holder = Record<string, unknown> | unknown[]

function placesOf(value: unknown): { holder: Holder; key: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Holder
  return Object.entries(holder).flatMap(([key, member]) => [{ holder, key }, ...placesOf(member)])
}
