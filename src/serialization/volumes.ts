import type { VolumeModel } from '../models/volumes.ts'
import type { ProviderUrl, Volume, VolumeFacts } from '../siibra/index.ts'
import { providesImage, providesMesh, redactCredentials, volumeFormats, volumeFragments } from '../siibra/index.ts'
import { serializeDataset } from './datasets.ts'

/** Parts of provider URLs that are replaced in answers, in this order (`SIIBRA_API_REMAP_PROVIDERS`). */
export type ProviderRemap = readonly (readonly [from: string, to: string])[]

/** What answers with volumes depend on beside what they tell. */
export interface AnswerOptions {
  remap?: ProviderRemap | undefined
}

export interface VolumeOptions extends AnswerOptions {
  spaceId: string
}

export function serializeVolume(facts: VolumeFacts, { spaceId, remap = [] }: VolumeOptions): VolumeModel {
  const { volume, datasets, surfaceFragments } = facts
  const fragments = volumeFragments(volume)
  if (surfaceFragments.length > 0) fragments.mesh = [...(fragments.mesh ?? []), ...surfaceFragments]
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
    datasets: datasets.map(serializeDataset),
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
  if (typeof url === 'string') return remapText(url, remap)
  return Object.fromEntries(Object.entries(url).map(([name, one]) => [name, remapText(one, remap)]))
}

const remapText = (url: string, remap: ProviderRemap): string =>
  redactCredentials(remap.reduce((text, [from, to]) => text.replaceAll(from, to), url))
