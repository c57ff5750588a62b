import type { SparseIndex, SparseVolume } from './sparse-index.ts'

/**
 * A sparse index as bytes: a magic word, the length of a JSON header, the header (padded to a multiple of 4), then `voxel`,
 * `start`, `value` (4 bytes each) and `volume` (2 bytes), in the byte order of the machine.
 */
const MAGIC = 0x31495053 // "SPI1", read as little-endian
const PREFIX_BYTES = 8

interface Header {
  fingerprint: string
  shape: number[]
  voxelToWorldMm: number[]
  volumes: SparseVolume[]
  voxels: number
  entries: number
}

/** `fingerprint` says what the index was made of. Only an index that misses nothing is to be stored. */
export function encodeSparseIndex(index: SparseIndex, fingerprint: string): Uint8Array {
  const { shape, voxelToWorldMm, volumes, voxel, start, volume, value } = index
  const header: Header = {
    fingerprint,
    shape: [...shape],
    voxelToWorldMm: [...voxelToWorldMm],
    volumes,
    voxels: voxel.length,
    entries: value.length,
  }
  const json = JSON.stringify(header)
  const text = new TextEncoder().encode(json.padEnd(json.length + ((4 - (Buffer.byteLength(json) % 4)) % 4)))
  const parts = [
    new Uint8Array(Uint32Array.of(MAGIC, text.length).buffer),
    text,
    ...[voxel, start, value, volume].map(toBytes),
  ]
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Undefined for bytes that are no index, or not a whole one, or made of something else. The arrays are views of the bytes where these are aligned. */
export function decodeSparseIndex(bytes: Uint8Array, fingerprint: string): SparseIndex | undefined {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  if (aligned.length < PREFIX_BYTES) return undefined
  const { buffer, byteOffset } = aligned
  const [magic, headerBytes] = new Uint32Array(buffer, byteOffset, 2) as unknown as [number, number]
  let at = byteOffset + PREFIX_BYTES + headerBytes
  if (magic !== MAGIC || headerBytes % 4 !== 0 || at > byteOffset + aligned.length) return undefined
  const header = parseHeader(aligned.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes))
  if (header?.fingerprint !== fingerprint) return undefined
  const { shape, voxelToWorldMm, volumes, voxels, entries } = header
  if (at + 8 * voxels + 4 + 6 * entries !== byteOffset + aligned.length) return undefined
  const take = (length: number) => {
    at += length
    return at - length
  }
  return {
    shape,
    voxelToWorldMm: Float64Array.from(voxelToWorldMm),
    volumes,
    voxel: new Uint32Array(buffer, take(4 * voxels), voxels),
    start: new Uint32Array(buffer, take(4 * voxels + 4), voxels + 1),
    value: new Float32Array(buffer, take(4 * entries), entries),
    volume: new Uint16Array(buffer, take(2 * entries), entries),
    missing: [],
  }
}

function parseHeader(text: Uint8Array): Header | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(text)) as Header
  } catch {
    return undefined
  }
}

const toBytes = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array | Uint16Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)
