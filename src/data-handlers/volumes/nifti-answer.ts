import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { HandlerAnswer } from '../../dispatch/task.ts'
import { encodeNifti, type Image } from '../../siibra/index.ts'

const gzipAsync = promisify(gzip)

/** An image as a .nii.gz file to be saved; gzipped at the fastest level, beside the thread that made it. */
export async function niftiAnswer(
  image: Image,
  fileName: string,
  headers: Record<string, string> = {},
): Promise<HandlerAnswer> {
  const bytes = await gzipAsync(encodeNifti(image), { level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 })
  return {
    bytes,
    contentType: 'application/octet-stream',
    headers: { ...headers, 'content-disposition': `attachment; filename="${fileName}"` },
  }
}
