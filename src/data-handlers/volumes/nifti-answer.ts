import { gzipNifti, type Image } from '../../siibra/index.ts'
import type { HandlerAnswer } from '../../tasks/task.ts'

/** An image as a .nii.gz file to be saved; gzipped at the fastest level. */
export async function niftiAnswer(
  image: Image,
  fileName: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<HandlerAnswer> {
  return {
    bytes: await gzipNifti(image, signal),
    contentType: 'application/octet-stream',
    headers: { ...headers, 'content-disposition': `attachment; filename="${fileName}"` },
  }
}
