import { textBytes } from '../part.ts'

/** A float32 array in C order as a `.npy` file, version 1.0: magic, header length, header padded to 64 bytes, data. */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`
  const padded = `${header.padEnd(64 * Math.ceil((10 + header.length + 1) / 64) - 10 - 1)}\n`
  const bytes = new Uint8Array(10 + padded.length + data.byteLength)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 0xff, padded.length >> 8])
  bytes.set(textBytes(padded), 10)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length)
  return bytes
}
