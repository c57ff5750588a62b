import { createSlices } from '../../slices.ts'
import type { Image } from '../image.ts'
import { gzipPieces } from '../stream/gzip.ts'
import { encodeNiftiHeader, voxelBytes } from './encode.ts'
import { labelNiftiHeader, type NiftiLabel } from './label.ts'

/**
 * An image as a `.nii.gz` file, as `encodeNifti` has it, gzipped at level 1 without a copy of its voxels; gives way meanwhile.
 * With a label the file tells where it comes from.
 */
export function gzipNifti(image: Image, signal?: AbortSignal, label?: NiftiLabel): Promise<Uint8Array> {
  const header = encodeNiftiHeader(image)
  return gzipPieces([label ? labelNiftiHeader(header, label) : header, voxelBytes(image)], createSlices(signal))
}
