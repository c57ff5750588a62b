/** Which files the voxels of a volume are in. */
import type { Volume, VolumeFormat } from '../core/types.ts'
import { IMAGE_FORMATS, type ImageFormat } from '../core/volume-formats.ts'
import { SiibraError } from '../errors.ts'

/** One file, or one volume of it. */
export interface Source {
  format: ImageFormat
  url: string
  z: number | null
}

/** Where the voxels of a volume are: in one file, or in those of all its fragments. */
export function locateVoxels(volume: Volume, fragment: string | null): { format: ImageFormat; urls: string[] } {
  const format = imageFormatOf(volume)
  const source = volume.providers[format]!
  if (typeof source === 'string') return { format, urls: [source] }
  const fragments = Object.entries(source)
  if (fragments.length > 1 && fragment === null) return { format, urls: fragments.map(([, url]) => url) }
  return { format, urls: [selectFragment(fragments, fragment)] }
}

/** The format that siibra takes for voxels; NOT_AVAILABLE where the volume is a surface only. */
function imageFormatOf({ providers, name }: Volume): ImageFormat {
  const format = IMAGE_FORMATS.find((candidate) => providers[candidate])
  if (format) return format
  const formats = Object.keys(providers) as VolumeFormat[]
  const which = name ? `The volume '${name}'` : 'The volume'
  throw new SiibraError('NOT_AVAILABLE', `${which} has no voxels, only ${formats.join(', ') || 'unknown formats'}`, {
    formats,
  })
}

function selectFragment(fragments: [name: string, url: string][], fragment: string | null): string {
  const fitting = fragments.filter(([name]) => name.toLowerCase().includes((fragment ?? '').toLowerCase()))
  if (fitting.length === 1) return fitting[0]![1]
  const names = fragments.map(([name]) => name)
  throw new SiibraError('INVALID_PARAMETER', `Fragment '${fragment}' is not one of ${names.join(', ')}`, {
    parameter: 'fragment',
    allowed: names,
  })
}
