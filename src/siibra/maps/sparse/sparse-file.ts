import { encodeIndexFile, type IndexHeader, openIndexFile } from '../index-file.ts'
import type { SparseIndex, SparseVolume } from './sparse-index.ts'

/** A sparse index as bytes: `voxel`, `start`, `value` (4 bytes each) and `volume` (2 bytes) behind the header. */
const MAGIC = 0x31495053 // "SPI1", read as little-endian

interface Header extends IndexHeader {
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
  return encodeIndexFile(MAGIC, header, [voxel, start, value, volume])
}

/** Undefined for bytes that are no such index, or not a whole one, or made of something else. */
export function decodeSparseIndex(bytes: Uint8Array, fingerprint: string): SparseIndex | undefined {
  const arrayBytes = ({ voxels, entries }: Header) => 8 * voxels + 4 + 6 * entries
  const file = openIndexFile<Header>(bytes, MAGIC, fingerprint, arrayBytes)
  if (!file) return undefined
  const { shape, voxelToWorldMm, volumes, voxels, entries } = file.header
  return {
    shape,
    voxelToWorldMm: Float64Array.from(voxelToWorldMm),
    volumes,
    voxel: file.take(Uint32Array, voxels),
    start: file.take(Uint32Array, voxels + 1),
    value: file.take(Float32Array, entries),
    volume: file.take(Uint16Array, entries),
    missing: [],
  }
}
