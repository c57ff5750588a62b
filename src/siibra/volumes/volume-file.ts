/** Files as they were sent, where they are an answer already. */
import { createSlices } from '../slices.ts'
import type { NiftiHeader } from './nifti/header.ts'
import { openNifti } from './nifti/stream.ts'

/**
 * Whether the bytes are a `.nii.gz` file of one 3D volume of whole numbers that reads as what would be written of its image: one gzip member
 * with nothing behind it, whose checksum is right. (What else a header says, such as a description, stays as it was sent.)
 */
export async function isSentAsWritten(bytes: Uint8Array, source: string, signal?: AbortSignal): Promise<boolean> {
  const stream = await openNifti([bytes], { source, slices: createSlices(signal) })
  try {
    if (!isPlain(stream.header)) return false
    await stream.skip(stream.volumeVoxels)
    return await stream.finish()
  } finally {
    stream.close()
  }
}

const WHOLE_NUMBERS = new Set(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32'])

function isPlain({ version, littleEndian, scaling, storedType, shape }: NiftiHeader): boolean {
  return version === 1 && littleEndian && !scaling && shape.length === 3 && WHOLE_NUMBERS.has(storedType)
}
