/**
 * The compressed_segmentation encoding
 * (https://github.com/google/neuroglancer/blob/master/src/sliceview/compressed_segmentation/README.md): each small block of voxels has a
 * table of its labels and, for each voxel, the table's index in 0 to 32 bits. Offsets count 32-bit words from the channel's start.
 */
import type { Triple } from '../affine.ts'
import { badData } from '../inflate.ts'
import { readTyped } from '../typed-bytes.ts'

export interface SegmentationChunk {
  dataType: 'uint32' | 'uint64'
  sizeVox: Triple
  blockSizeVox: Triple
  channelCount: number
}

type Labels = Uint32Array | Float64Array

/**
 * Labels of all channels, one after the other, each with x fastest, then y, then z; float64 where one is beyond 32 bits. Labels beyond 2^53
 * are BAD_DATA.
 */
export function decodeCompressedSegmentation(bytes: Uint8Array, chunk: SegmentationChunk, source: string): Labels {
  const { sizeVox, channelCount, dataType } = chunk
  if (bytes.length % 4 !== 0)
    throw badData(source, `${bytes.length} bytes of compressed_segmentation, no multiple of 4`)
  const words = readTyped(bytes, 'uint32', bytes.length / 4, { littleEndian: true, source }).data as Uint32Array
  const voxelCount = sizeVox[0] * sizeVox[1] * sizeVox[2]
  const labels = new (dataType === 'uint64' ? Float64Array : Uint32Array)(voxelCount * channelCount)
  for (let channel = 0; channel < channelCount; channel++) {
    const start = words[channel]
    if (start === undefined || start > words.length) {
      throw badData(source, `channel ${channel} begins at word ${start}, but there are ${words.length}`)
    }
    const target = labels.subarray(voxelCount * channel, voxelCount * (channel + 1))
    decodeChannel(words.subarray(start), chunk, target, source)
  }
  return labels instanceof Float64Array && labels.every((label) => label <= 0xffffffff)
    ? Uint32Array.from(labels)
    : labels
}

function decodeChannel(words: Uint32Array, chunk: SegmentationChunk, labels: Labels, source: string) {
  const [sx, sy, sz] = chunk.sizeVox
  const [bx, by, bz] = chunk.blockSizeVox
  const grid = [Math.ceil(sx / bx), Math.ceil(sy / by), Math.ceil(sz / bz)] as const
  const headerWords = 2 * grid[0] * grid[1] * grid[2]
  if (words.length < headerWords) {
    throw badData(source, `${grid.join(' x ')} blocks need ${headerWords} words of headers, there are ${words.length}`)
  }
  let header = 0
  for (let z = 0; z < sz; z += bz) {
    for (let y = 0; y < sy; y += by) {
      for (let x = 0; x < sx; x += bx, header += 2) {
        const block = readBlockHeader(words, header, bx * by * bz, source)
        const lookUp = createLookUp(words, block, chunk.dataType, source)
        const xEnd = Math.min(sx, x + bx)
        for (let vz = z; vz < Math.min(sz, z + bz); vz++) {
          for (let vy = y; vy < Math.min(sy, y + by); vy++) {
            let inBlock = bx * (vy - y + by * (vz - z))
            const row = sx * (vy + sy * vz)
            for (let vx = x; vx < xEnd; vx++) labels[row + vx] = lookUp(inBlock++)
          }
        }
      }
    }
  }
}

interface Block {
  tableAt: number
  valuesAt: number
  bits: number
}

function readBlockHeader(words: Uint32Array, at: number, voxelCount: number, source: string): Block {
  const bits = words[at]! >>> 24
  const tableAt = words[at]! & 0xffffff
  const valuesAt = words[at + 1]!
  if (bits !== 0 && (32 % bits !== 0 || bits > 32)) throw badData(source, `a block is encoded with ${bits} bits`)
  const wordsNeeded = Math.ceil((voxelCount * bits) / 32)
  if (bits !== 0 && valuesAt + wordsNeeded > words.length) {
    throw badData(
      source,
      `${wordsNeeded} words of values from word ${valuesAt} on, but there are ${words.length} words`,
    )
  }
  return { tableAt, valuesAt, bits }
}

/** From the position of a voxel in its block to its label. */
function createLookUp(words: Uint32Array, block: Block, dataType: 'uint32' | 'uint64', source: string) {
  const { tableAt, valuesAt, bits } = block
  const isWide = dataType === 'uint64'
  const readTable = (index: number): number => {
    const at = tableAt + (isWide ? 2 * index : index)
    const label = words[at]
    const upper = isWide ? words[at + 1] : 0
    if (label === undefined || upper === undefined) {
      throw badData(source, `entry ${index} of the table at word ${tableAt} is past the end, word ${words.length}`)
    }
    if (upper < 0x200000) return upper * 2 ** 32 + label
    throw badData(source, `label ${(BigInt(upper) << 32n) | BigInt(label)} is beyond 2^53, what can be held exactly`)
  }
  if (bits === 0) {
    const label = readTable(0)
    return () => label
  }
  const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1
  return (inBlock: number) => {
    const bit = inBlock * bits
    return readTable((words[valuesAt + (bit >>> 5)]! >>> (bit & 31)) & mask)
  }
}
