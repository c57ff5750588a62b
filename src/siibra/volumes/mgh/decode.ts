/**
 * FreeSurfer's MGH (`.mgh`, gzipped `.mgz`; https://surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/MghFormat), big-endian: a header of 284
 * bytes, then the voxels, first axis fastest.
 */
import { affineFromRows } from '../affine.ts'
import type { Image } from '../image.ts'
import { badData, type DecodeOptions, defaultMaxBytes, gunzipIfNeeded } from '../inflate.ts'
import { itemBytesOf, readTyped, type StoredType } from '../typed-bytes.ts'

const VOXELS_AT_BYTE = 284
const TYPES: Readonly<Record<number, StoredType>> = { 0: 'uint8', 1: 'int32', 3: 'float32', 4: 'int16', 10: 'uint16' }

export interface MghVolume {
  image: Image
  /** Whether the file says where it lies; without, nibabel's default holds: coronal, 1 mm, around 0
   * (FreeSurfer itself has the second and third axis the other way round). */
  hasPlace: boolean
}

/**
 * Values and affine as nibabel gives them; three axes, or four where there are several frames. What lies behind the voxels (scanner parameters,
 * tags) does not count. BAD_DATA where sizes do not add up or exceed `maxBytes`, or the type of the voxels is unknown.
 */
export function decodeMgh(bytes: Uint8Array, options: DecodeOptions = {}): MghVolume {
  const { source = 'the MGH file', maxBytes = defaultMaxBytes } = options
  const plain = gunzipIfNeeded(bytes, { source, maxBytes })
  if (plain.length < VOXELS_AT_BYTE) throw badData(source, `${plain.length} bytes are too few for an MGH header`)
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  if (view.getInt32(0) !== 1) throw badData(source, `no MGH file: its version is ${view.getInt32(0)}`)
  const sizes = [4, 8, 12, 16].map((at) => view.getInt32(at))
  if (sizes.some((size) => size < 1)) throw badData(source, `sizes ${sizes.join(' x ')} are not all positive`)
  const type = TYPES[view.getInt32(20)]
  if (!type) throw badData(source, `unknown type ${view.getInt32(20)} of voxels`)
  const count = sizes.reduce((product, size) => product * size, 1)
  const needed = count * itemBytesOf(type)
  if (needed > maxBytes)
    throw badData(source, `${sizes.join(' x ')} voxels take ${needed} bytes, the bound is ${maxBytes}`)
  const available = plain.length - VOXELS_AT_BYTE
  if (available < needed) {
    throw badData(source, `${sizes.join(' x ')} voxels of ${type} take ${needed} bytes, but there are ${available}`)
  }
  const { data, dtype } = readTyped(plain.subarray(VOXELS_AT_BYTE), type, count, { littleEndian: false, source })
  const shape = sizes.at(-1) === 1 ? sizes.slice(0, 3) : sizes
  const hasPlace = view.getInt16(28) !== 0
  return { image: { data, dtype, shape, voxelToWorldMm: readAffine(view, sizes, hasPlace) }, hasPlace }
}

/** Sizes of voxels, the directions of the three axes one after the other, and the place of the centre of the volume. */
function readAffine(view: DataView, sizes: readonly number[], hasPlace: boolean): Image['voxelToWorldMm'] {
  const floats = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => view.getFloat32(30 + 4 * (from + n)))
  const voxelMm = hasPlace ? floats(0, 3) : [1, 1, 1]
  const directions = hasPlace ? floats(3, 9) : [-1, 0, 0, 0, 0, 1, 0, -1, 0]
  const centreMm = hasPlace ? floats(12, 3) : [0, 0, 0]
  const rows = [0, 1, 2].map((row) => {
    const columns = voxelMm.map((size, axis) => (directions[3 * axis + row] ?? 0) * size)
    const toCentre = columns.reduce((sum, value, axis) => sum + (value * (sizes[axis] ?? 0)) / 2, 0)
    return [...columns, (centreMm[row] ?? 0) - toCentre]
  })
  return affineFromRows(rows)
}
