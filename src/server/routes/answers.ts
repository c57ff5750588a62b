import type { FileAnswer } from './route.ts'

/** A gzipped NIfTI file; sent as octet-stream, as the original does. */
export const niftiFile = (description: string): { file: FileAnswer } => ({
  file: { mediaType: 'application/octet-stream', description },
})
