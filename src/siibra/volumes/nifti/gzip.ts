import { createSlices } from '../../slices.ts'
import type { Image } from '../image.ts'
import { gzipPieces } from '../stream/gzip.ts'
import { encodeNiftiHeader, voxelBytes } from './encode.ts'

/** An image as a `.nii.gz` file, as `encodeNifti` has it, gzipped at level 1 without a copy of its voxels; gives way meanwhile. */
export function gzipNifti(image: Image, signal?: AbortSignal): Promise<Uint8Array> {
  return gzipPieces([encodeNiftiHeader(image), voxelBytes(image)], createSlices(signal))
}
