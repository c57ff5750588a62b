/** NIfTI files of any size, voxel after voxel: nothing of a file is held but the piece that passes by. */
import type { VoxelArray } from '../image.ts'
import { badData } from '../inflate.ts'
import { openByteReader } from '../stream/byte-reader.ts'
import {
  type ByteReader,
  type Chunks,
  givePieceBack,
  PIECE_BYTES,
  type ReaderOptions,
  takePiece,
} from '../stream/input.ts'
import { itemBytesOf } from '../typed-bytes.ts'
import { type DecodedVoxels, decodeVoxels } from './decode.ts'
import { type NiftiHeader, parseNiftiHeader } from './header.ts'

/** Voxels one after the other (first axis fastest): the index of the first of `values` since the scan began. */
export type SeeVoxels = (values: VoxelArray, at: number) => void

export interface NiftiStream {
  header: NiftiHeader
  /** Voxels of one 3D volume. */
  volumeVoxels: number
  /** 3D volumes in the file: 1, or the size of the fourth axis. */
  volumes: number
  /** Passes over voxels. */
  skip(voxels: number): Promise<void>
  /** Shows the next voxels to `see`; longer stretches of nothing but 0 are left out. `values` are good until it returns. */
  scan(voxels: number, see: SeeVoxels): Promise<void>
  /** The next voxels as one array. */
  read(voxels: number): Promise<DecodedVoxels>
  /** After the last voxel: compares the checksum of the file. True where the file is one gzip member that ends with that voxel. */
  finish(): Promise<boolean>
  close(): void
}

/** Blocks of zeros of this size are passed over without a look at each voxel. */
const BLOCK_BYTES = 4096
/** No extensions of a header are larger; a file that claims so would be inflated for nothing. */
const MAX_OFFSET_BYTES = 2 ** 28
const ZEROS = Buffer.alloc(PIECE_BYTES)

/**
 * Opens a file, plain or gzipped, and reads its header. Values and errors are those of `decodeNifti`; a file that is shorter than its header
 * promises is BAD_DATA when its end is met.
 */
export async function openNifti(chunks: Chunks, options: ReaderOptions): Promise<NiftiStream> {
  const reader = await openByteReader(chunks, options)
  try {
    return await readHeader(reader, options.source)
  } catch (thrown) {
    reader.close()
    throw thrown
  }
}

async function readHeader(reader: ByteReader, source: string): Promise<NiftiStream> {
  let head = new Uint8Array(348)
  let headBytes = await reader.read(head)
  const view = new DataView(head.buffer)
  if (view.getInt32(0, true) === 540 || view.getInt32(0, false) === 540) {
    const longer = new Uint8Array(540)
    longer.set(head)
    headBytes += await reader.read(longer.subarray(348))
    head = longer
  }
  const header = parseNiftiHeader(head.subarray(0, headBytes), source)
  const { shape, storedType, dataOffsetBytes, dataBytes } = header
  const itemBytes = itemBytesOf(storedType)
  if (dataOffsetBytes > MAX_OFFSET_BYTES)
    throw badData(source, `vox_offset is ${dataOffsetBytes}, the bound is ${MAX_OFFSET_BYTES} bytes`)
  let passedBytes = headBytes + (await reader.skip(dataOffsetBytes - headBytes))

  const requireBytes = (wanted: number, found: number) => {
    passedBytes += found
    if (found === wanted) return
    const available = Math.max(0, passedBytes - dataOffsetBytes)
    throw badData(
      source,
      `${shape.join(' x ')} voxels of ${storedType} take ${dataBytes} bytes from byte ${dataOffsetBytes}, ` +
        `but there are ${available} (${passedBytes} in all)`,
    )
  }
  const volumeVoxels = shape[0]! * shape[1]! * shape[2]!
  const isZeroValue = (header.scaling?.intercept ?? 0) === 0

  return {
    header,
    volumeVoxels,
    volumes: shape[3] ?? 1,
    async skip(voxels) {
      requireBytes(voxels * itemBytes, await reader.skip(voxels * itemBytes))
    },
    async scan(voxels, see) {
      const piece = takePiece()
      const show = (from: number, to: number, at: number) => {
        const { data } = decodeVoxels(piece.subarray(from, to), (to - from) / itemBytes, header, source)
        see(data, at + from / itemBytes)
      }
      try {
        for (let done = 0; done < voxels; ) {
          const bytes = Math.min(PIECE_BYTES, (voxels - done) * itemBytes)
          requireBytes(bytes, await reader.read(piece.subarray(0, bytes)))
          if (isZeroValue) showNonzeroBlocks(piece, bytes, (from, to) => show(from, to, done))
          else show(0, bytes, done)
          done += bytes / itemBytes
        }
      } finally {
        givePieceBack(piece)
      }
    },
    async read(voxels) {
      const bytes = new Uint8Array(voxels * itemBytes)
      requireBytes(bytes.length, await reader.read(bytes))
      return decodeVoxels(bytes, voxels, header, source)
    },
    finish: () => reader.finish(),
    close: () => reader.close(),
  }
}

/** The stretches of blocks in which something is not 0; compared by the machine's memcmp. */
function showNonzeroBlocks(piece: Uint8Array, bytes: number, show: (from: number, to: number) => void): void {
  const isZero = (from: number, to: number) => ZEROS.compare(piece, from, to, 0, to - from) === 0
  if (isZero(0, bytes)) return
  let begin = -1
  for (let from = 0; from < bytes; from += BLOCK_BYTES) {
    const isEmpty = isZero(from, Math.min(from + BLOCK_BYTES, bytes))
    if (!isEmpty && begin < 0) begin = from
    if (isEmpty && begin >= 0) {
      show(begin, from)
      begin = -1
    }
  }
  if (begin >= 0) show(begin, bytes)
}
