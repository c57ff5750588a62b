import { encodeNifti, gzipBytes, type Image } from '../../siibra/index.ts'
import type { HandlerAnswer } from '../../tasks/task.ts'

/** An image as a .nii.gz file to be saved; gzipped at the fastest level, in this thread of low priority. */
export function niftiAnswer(image: Image, fileName: string, headers: Record<string, string> = {}): HandlerAnswer {
  const bytes = gzipBytes(encodeNifti(image))
  return {
    bytes,
    contentType: 'application/octet-stream',
    headers: { ...headers, 'content-disposition': `attachment; filename="${fileName}"` },
  }
}
