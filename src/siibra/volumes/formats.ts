import { SiibraError } from '../errors.ts'
import type { Volume, VolumeFormat } from '../core/types.ts'

/** Formats in the order in which siibra prefers them; voxels before surfaces. */
export const IMAGE_FORMATS = ['nii', 'zip/nii', 'neuroglancer/precomputed'] as const
export const MESH_FORMATS = [
  'neuroglancer/precompmesh',
  'neuroglancer/precompmesh/surface',
  'gii-mesh',
  'gii-label',
  'freesurfer-annot',
  'zip/freesurfer-annot',
] as const

export type ImageFormat = (typeof IMAGE_FORMATS)[number]

export const providesImage = (volume: Volume): boolean => IMAGE_FORMATS.some((format) => volume.providers[format])
export const providesMesh = (volume: Volume): boolean => MESH_FORMATS.some((format) => volume.providers[format])

/** The format that siibra takes for voxels; NOT_AVAILABLE where the volume is a surface only. */
export function imageFormatOf(volume: Volume): ImageFormat {
  const format = IMAGE_FORMATS.find((candidate) => volume.providers[candidate])
  if (format) return format
  const offered = Object.keys(volume.providers) as VolumeFormat[]
  const name = volume.name ? `Volume '${volume.name}'` : 'This volume'
  throw new SiibraError('NOT_AVAILABLE', `${name} has no voxels, only ${offered.join(', ') || 'unknown formats'}.`, {
    formats: offered,
  })
}
