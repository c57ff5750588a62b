import { gzipNifti, type Image } from '../../siibra/index.ts'
import type { HandlerAnswer } from '../../tasks/task.ts'

/** An image as a .nii.gz file to be saved. */
export async function niftiAnswer(
  image: Image,
  fileName: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<HandlerAnswer> {
  return fileAnswer(await gzipNifti(image, signal), fileName, headers)
}

/** The bytes of a .nii.gz file to be saved. */
export function fileAnswer(bytes: Uint8Array, fileName: string, headers: Record<string, string> = {}): HandlerAnswer {
  return {
    bytes,
    contentType: 'application/octet-stream',
    headers: { ...headers, 'content-disposition': `attachment; filename="${fileName}"` },
  }
}
