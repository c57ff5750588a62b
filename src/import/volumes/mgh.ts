/**
 * FreeSurfer's MGH (`.mgh`, `.mgz`; https://surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/MghFormat), big-endian: a header of 284 bytes,
 * then the voxels, first axis fastest.
 */
import type { Image } from '../../siibra/index.ts'
import { itemBytesOf, readTyped, type StoredType } from '../../siibra/index.ts'
import { badSource } from '../errors.ts'
import type { ReadVolume } from '../types.ts'

const VOXELS_AT_BYTE = 284
const TYPES: Readonly<Record<number, StoredType>> = { 0: 'uint8', 1: 'int32', 3: 'float32', 4: 'int16', 10: 'uint16' }

/** `plain` is inflated. Values and affine as nibabel gives them; three axes, or four where there are several frames. */
export function readMgh(plain: Uint8Array, file: string): ReadVolume {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  const sizes = [4, 8, 12, 16].map((at) => view.getInt32(at))
  const type = TYPES[view.getInt32(20)]
  if (!type) throw badSource(file, `voxels of MGH type ${view.getInt32(20)} are not read`)
  const count = sizes.reduce((product, size) => product * size, 1)
  const needed = count * itemBytesOf(type)
  const available = Math.max(0, plain.length - VOXELS_AT_BYTE)
  if (available < needed) {
    throw badSource(
      file,
      `${sizes.join(' x ')} voxels of ${type} take ${needed} bytes, but there are ${available}`,
      'Is the file complete?',
    )
  }
  const hasPlace = view.getInt16(28) > 0
  const floats = Array.from({ length: 15 }, (_, i) => view.getFloat32(30 + 4 * i))
  const [sx, sy, sz] = hasPlace ? (floats.slice(0, 3) as [number, number, number]) : [1, 1, 1]
  // directions of the three axes, one after the other; without a place FreeSurfer's coronal ones
  const d = hasPlace ? floats.slice(3, 12) : [-1, 0, 0, 0, 0, -1, 0, 1, 0]
  const centre = hasPlace ? floats.slice(12, 15) : [0, 0, 0]
  const rows = [0, 1, 2].map((axis) => {
    const scaled = [d[axis]! * sx, d[3 + axis]! * sy, d[6 + axis]! * sz]
    const toCentre = scaled.reduce((sum, value, i) => sum + (value * sizes[i]!) / 2, 0)
    return [...scaled, centre[axis]! - toCentre]
  })
  const { data, dtype } = readTyped(plain.subarray(VOXELS_AT_BYTE), type, count, { littleEndian: false, source: file })
  const image: Image = {
    data,
    dtype,
    shape: sizes[3]! > 1 ? sizes : sizes.slice(0, 3),
    voxelToWorldMm: Float64Array.from([...rows.flat(), 0, 0, 0, 1], (value) => value + 0),
  }
  return { file, format: 'mgh', image, hasPlace, notes: [] }
}
