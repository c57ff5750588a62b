import { encodeIndexFile, type IndexHeader, openIndexFile } from '../index-file.ts'
import type { LabelImage } from './label-runs.ts'

/** The runs of a labelled volume as bytes: labels (4 bytes, or 8 where one is beyond 32 bits), then `startVox` and `lengthVox` behind the header. */
const MAGIC = 0x314e524c // "LRN1", read as little-endian

interface Header extends IndexHeader {
  shape: number[]
  voxelToWorldMm: number[]
  /** Voxels per label. */
  sizes: [label: number, voxels: number][]
  runs: number
  labelBytes: 4 | 8
}

/** `fingerprint` says what the runs were made of. */
export function encodeLabelImage({ shape, voxelToWorldMm, runs }: LabelImage, fingerprint: string): Uint8Array {
  const { startVox, lengthVox, label, sizeVox } = runs
  const header: Header = {
    fingerprint,
    shape: [...shape],
    voxelToWorldMm: [...voxelToWorldMm],
    sizes: [...sizeVox],
    runs: startVox.length,
    labelBytes: label instanceof Int32Array ? 4 : 8,
  }
  return encodeIndexFile(MAGIC, header, [label, startVox, lengthVox])
}

/** Undefined for bytes that are no such runs, or not all of them, or made of something else. */
export function decodeLabelImage(bytes: Uint8Array, fingerprint: string): LabelImage | undefined {
  const arrayBytes = ({ runs, labelBytes }: Header) => runs * (8 + labelBytes)
  const file = openIndexFile<Header>(bytes, MAGIC, fingerprint, arrayBytes)
  if (!file) return undefined
  const { shape, voxelToWorldMm, sizes, runs, labelBytes } = file.header
  return {
    shape,
    voxelToWorldMm: Float64Array.from(voxelToWorldMm),
    runs: {
      label: labelBytes === 4 ? file.take(Int32Array, runs) : file.take(Float64Array, runs),
      startVox: file.take(Int32Array, runs),
      lengthVox: file.take(Int32Array, runs),
      sizeVox: new Map(sizes),
    },
  }
}
