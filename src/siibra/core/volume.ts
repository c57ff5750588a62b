import type { ProviderUrl, Volume, VolumeFormat } from './types.ts'

/** siibra's formats of voxel data, in the order in which they are preferred. */
export const IMAGE_FORMATS = ['nii', 'zip/nii', 'neuroglancer/precomputed'] as const satisfies VolumeFormat[]

/** siibra's formats of surfaces and their labels, in the order in which they are preferred. */
export const MESH_FORMATS = [
  'neuroglancer/precompmesh',
  'neuroglancer/precompmesh/surface',
  'gii-mesh',
  'gii-label',
  'freesurfer-annot',
  'zip/freesurfer-annot',
] as const satisfies VolumeFormat[]

const IMAGES: ReadonlySet<string> = new Set(IMAGE_FORMATS)
const MESHES: ReadonlySet<string> = new Set(MESH_FORMATS)
/** Formats whose providers name their fragments (the others may have them, but do not tell: siibra's `fragments`). */
const NAMED_FRAGMENTS: ReadonlySet<string> = new Set<VolumeFormat>([
  'nii',
  'zip/nii',
  'gii-mesh',
  'freesurfer-annot',
  'zip/freesurfer-annot',
])

export function isVolumeFormat(format: string): format is VolumeFormat {
  return IMAGES.has(format) || MESHES.has(format)
}

/** Formats of the providers in their order. */
function providerFormats(volume: Volume): VolumeFormat[] {
  return Object.keys(volume.providers) as VolumeFormat[]
}

export function providesImage(volume: Volume): boolean {
  return providerFormats(volume).some((format) => IMAGES.has(format))
}

export function providesMesh(volume: Volume): boolean {
  return providerFormats(volume).some((format) => MESHES.has(format))
}

/** The formats as siibra lists them: those of the providers, and `image` or `mesh` for what they are. */
export function volumeFormats(volume: Volume): string[] {
  return [
    ...providerFormats(volume),
    ...(providesImage(volume) ? ['image'] : []),
    ...(providesMesh(volume) ? ['mesh'] : []),
  ]
}

/** Names of the fragments that the configuration gives, by `image` and `mesh`. Part of a 4D volume has none. */
export function volumeFragments(volume: Volume): { image?: string[]; mesh?: string[] } {
  const fragments: { image?: string[]; mesh?: string[] } = {}
  if (volume.z !== null) return fragments
  for (const [format, url] of Object.entries(volume.providers) as [VolumeFormat, ProviderUrl][]) {
    if (typeof url === 'string' || !NAMED_FRAGMENTS.has(format)) continue
    const kind = MESHES.has(format) ? 'mesh' : 'image'
    fragments[kind] = [...(fragments[kind] ?? []), ...Object.keys(url)]
  }
  return fragments
}

/** The parts of a `neuroglancer/precompmesh/surface` provider, written as `<url> <label>`. */
export function parseSurfaceUrl(url: string): { url: string; label: number } {
  const [base = '', label = ''] = url.split(' ')
  return { url: base, label: Number(label) }
}
