/** Chunks of a precomputed volume: from the stored bytes to numbers. */
import { SiibraError } from '../../errors.ts'
import type { Triple } from '../affine.ts'
import type { VoxelArray } from '../image.ts'
import { badData, gunzipBounded, isGzip } from '../inflate.ts'
import { itemBytesOf, readTyped, type StoredType } from '../typed-bytes.ts'
import { decodeCompressedSegmentation } from './compressed-segmentation.ts'
import { decodeJpegChunk, decodePngChunk } from './image-chunk.ts'
import type { ChunkEncoding } from './info.ts'

export interface ChunkFormat {
  encoding: ChunkEncoding
  dataType: StoredType
  channelCount: number
  /** Sizes along x, y, z of this chunk (smaller at the border of the volume). */
  sizeVox: Triple
  blockSizeVox?: Triple | undefined
}

/**
 * The numbers of all channels, one channel after the other, each with x fastest, then y, then z. Gzip around the chunk is taken off.
 * 64-bit integers are narrowed as in `readTyped`. Errors: BAD_DATA where sizes do not add up.
 */
export function decodeChunk(bytes: Uint8Array, format: ChunkFormat, source: string): VoxelArray {
  const { encoding, dataType, channelCount, sizeVox } = format
  const count = sizeVox[0] * sizeVox[1] * sizeVox[2] * channelCount
  const rawBytes = count * itemBytesOf(dataType)
  const plain =
    isGzip(bytes) && !(encoding === 'raw' && bytes.length === rawBytes)
      ? gunzipBounded(bytes, { source, maxBytes: largestChunkBytes(encoding, rawBytes) })
      : bytes
  switch (encoding) {
    case 'raw':
      if (plain.length !== rawBytes) {
        const sum = `${sizeVox.join(' x ')} voxels of ${channelCount} x ${dataType} take ${rawBytes} bytes`
        throw badData(source, `${sum}, the chunk has ${plain.length}`)
      }
      return readTyped(plain, dataType, count, { littleEndian: true, source }).data
    case 'compressed_segmentation':
      if ((dataType !== 'uint32' && dataType !== 'uint64') || !format.blockSizeVox) {
        throw badData(source, `compressed_segmentation of ${dataType}`)
      }
      return decodeCompressedSegmentation(plain, { ...format, dataType, blockSizeVox: format.blockSizeVox }, source)
    case 'jpeg':
      requireType(dataType, ['uint8'], encoding, source)
      return decodeJpegChunk(plain, sizeVox, channelCount, source)
    case 'png':
      requireType(dataType, ['uint8', 'uint16'], encoding, source)
      return decodePngChunk(plain, sizeVox, channelCount, dataType === 'uint16' ? 16 : 8, source)
  }
}

/** How large the stored form may be at most, generously: tables and headers make it larger than the raw form at worst. */
export function largestChunkBytes(encoding: ChunkEncoding, rawBytes: number): number {
  return encoding === 'raw' ? rawBytes : 4 * rawBytes + 65_536
}

function requireType(dataType: StoredType, allowed: StoredType[], encoding: ChunkEncoding, source: string) {
  if (allowed.includes(dataType)) return
  throw new SiibraError('UNSUPPORTED', `${source}: ${encoding} chunks of ${dataType}`, { url: source })
}
