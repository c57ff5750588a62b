import type { VolumeModel } from '../models/volumes.ts'
import { providesImage, providesMesh, volumeFormats, volumeFragments } from '../siibra/core/volume.ts'
import type { AtlasCore, ProviderUrl, Volume } from '../siibra/index.ts'
import { redactCredentials } from '../siibra/redact.ts'
import { surfaceFragments } from '../siibra/volumes/surfaces/fragments.ts'
import { serializeDatasets } from './datasets.ts'
import type { Gaps } from './gaps.ts'

/** Parts of provider URLs that are replaced in answers, in this order (`SIIBRA_API_REMAP_PROVIDERS`). */
export type ProviderRemap = readonly (readonly [from: string, to: string])[]

/** What answers with volumes and data sets depend on beside the atlas core. */
export interface AnswerOptions {
  remap?: ProviderRemap | undefined
  gaps?: Gaps | undefined
}

export interface VolumeOptions extends AnswerOptions {
  spaceId: string
}

export async function serializeVolume(core: AtlasCore, volume: Volume, options: VolumeOptions): Promise<VolumeModel> {
  const { spaceId, remap = [], gaps } = options
  const [datasets, surface] = await Promise.all([
    serializeDatasets(core, volume.datasets, gaps),
    surfaceFragments(core.retrieval, volume),
  ])
  const fragments = volumeFragments(volume)
  if (surface.names.length > 0) fragments.mesh = [...(fragments.mesh ?? []), ...surface.names]
  if (gaps && surface.isRetryable) gaps.areRetryable = true
  return {
    '@type': null,
    // A volume without a name is an empty record in the original, and goes out as the text of one.
    name: volume.name ?? '{}',
    formats: volumeFormats(volume),
    providesMesh: providesMesh(volume),
    providesImage: providesImage(volume),
    fragments: fragments as VolumeModel['fragments'],
    variant: volume.variant,
    providedVolumes: serializeProviders(volume, remap),
    space: { '@id': spaceId },
    datasets,
  }
}

/** URLs by format. A part of a 4D volume has none in the original: its URL alone would be misleading. */
function serializeProviders(volume: Volume, remap: ProviderRemap): VolumeModel['providedVolumes'] {
  const entries = Object.entries(volume.providers).map(([format, url]) => {
    return [format, volume.z === null ? remapUrl(url, remap) : {}] as const
  })
  return Object.fromEntries(entries)
}

function remapUrl(url: ProviderUrl, remap: ProviderRemap): ProviderUrl {
  if (typeof url === 'string')
    return redactCredentials(remap.reduce((text, [from, to]) => text.replaceAll(from, to), url))
  return Object.fromEntries(Object.entries(url).map(([name, one]) => [name, remapUrl(one, remap) as string]))
}
