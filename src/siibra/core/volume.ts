import type { ProviderUrl, Volume } from './types.ts'
import { VOLUME_FORMATS, type VolumeFormat } from './volume-formats.ts'

const RECORDS: ReadonlyMap<string, (typeof VOLUME_FORMATS)[number]> = new Map(
  VOLUME_FORMATS.map((record) => [record.name, record]),
)

export function isVolumeFormat(format: string): format is VolumeFormat {
  return RECORDS.has(format)
}

/** Formats of the providers in their order. */
function providerFormats(volume: Volume): VolumeFormat[] {
  return Object.keys(volume.providers) as VolumeFormat[]
}

export function providesImage(volume: Volume): boolean {
  return providerFormats(volume).some((format) => RECORDS.get(format)?.holds === 'voxels')
}

export function providesMesh(volume: Volume): boolean {
  return providerFormats(volume).some((format) => RECORDS.get(format)?.holds !== 'voxels')
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
    const record = RECORDS.get(format)
    if (typeof url === 'string' || !record?.tellsFragments) continue
    const kind = record.holds === 'voxels' ? 'image' : 'mesh'
    fragments[kind] = [...(fragments[kind] ?? []), ...Object.keys(url)]
  }
  return fragments
}

/** The parts of a `neuroglancer/precompmesh/surface` provider, written as `<url> <label>`. */
export function parseSurfaceUrl(url: string): { url: string; label: number } {
  const [base = '', label = ''] = url.split(' ')
  return { url: base, label: Number(label) }
}
