import { decodeMgh } from '../../siibra/index.ts'
import type { ReadVolume } from '../types.ts'

/** `plain` is inflated. Values and affine as nibabel gives them; three axes, or four where there are several frames. */
export function readMgh(plain: Uint8Array, file: string): ReadVolume {
  return { file, format: 'mgh', ...decodeMgh(plain, { source: file, maxBytes: plain.length }), notes: [] }
}
