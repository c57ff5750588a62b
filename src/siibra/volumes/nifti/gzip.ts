import { once } from 'node:events'
import { constants, createGzip } from 'node:zlib'
import type { Image } from '../image.ts'
import { gzipBytes } from '../inflate.ts'
import { encodeNifti, encodeNiftiHeader, voxelBytes } from './encode.ts'

/** A larger file is never made as a whole beside its voxels: of 1 GB of voxels, that halves the peak. */
const WHOLE_BYTES = 64 * 1024 ** 2
const SLICE_BYTES = 4 * 1024 ** 2

/**
 * An image as a `.nii.gz` file, as `encodeNifti` has it, gzipped at level 1. Small ones in this thread, which may be one of low priority;
 * large ones slice by slice in the pool of zlib.
 */
export async function gzipNifti(image: Image, signal?: AbortSignal): Promise<Uint8Array> {
  if (image.data.byteLength <= WHOLE_BYTES) return gzipBytes(encodeNifti(image))
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 })
  const parts: Uint8Array[] = []
  gzip.on('data', (part: Uint8Array) => parts.push(part))
  const ended = once(gzip, 'end')
  const voxels = voxelBytes(image)
  gzip.write(encodeNiftiHeader(image))
  for (let at = 0; at < voxels.length; at += SLICE_BYTES) {
    signal?.throwIfAborted()
    await new Promise<void>((done, fail) => {
      gzip.write(voxels.subarray(at, at + SLICE_BYTES), (fault) => (fault ? fail(fault) : done()))
    })
  }
  gzip.end()
  await ended
  return Buffer.concat(parts)
}
