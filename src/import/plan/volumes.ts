/** Volumes as files of the new folder. */

import type { Image } from '../../siibra/index.ts'
import { encodeNifti, gzipBytes } from '../../siibra/index.ts'
import type { PlannedVolume, ReadVolume } from '../types.ts'

/** zlib's own default: labels become a few hundredths of their size, in a second for 1 mm. */
const LEVEL = 6

/** The file itself where it can be served as it is; else the voxels anew. `name` is without extension. */
export function plannedVolume(
  name: string,
  { image, original, hasPlace }: ReadVolume,
  isRewritten: boolean,
): PlannedVolume {
  const path = `volumes/${name}.nii.gz`
  const isKept = original && hasPlace && !isRewritten && image.shape.length === 3
  const bytes = () => {
    if (isKept && original.isGzip) return original.bytes
    return gzipBytes(isKept ? original.bytes : encodeNifti(image), LEVEL)
  }
  return { providers: { nii: path }, files: [{ path, bytes }] }
}

export function plannedImage(name: string, image: Image): PlannedVolume {
  const path = `volumes/${name}.nii.gz`
  return { providers: { nii: path }, files: [{ path, bytes: () => gzipBytes(encodeNifti(image), LEVEL) }] }
}
