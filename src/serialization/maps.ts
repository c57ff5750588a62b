import type { MapModel, SiibraPublication } from '../models/volumes.ts'
import type { AtlasCore, ParcellationMap } from '../siibra/index.ts'
import { serializeDatasets } from './datasets.ts'
import { type ProviderRemap, serializeVolume } from './volumes.ts'

/** A map as it stands in listings, without indices and volumes. */
export async function serializeMapSummary(core: AtlasCore, map: ParcellationMap): Promise<MapModel> {
  const datasets = await serializeDatasets(core, map.datasets)
  const ofDatasets = datasets.flatMap(({ name, urls }) =>
    urls.map(({ url }) => serializePublication(`Dataset name: ${name}`, url)),
  )
  const own = map.publications.map(({ citation, url }) => serializePublication(citation, url))
  return {
    '@id': map.id,
    '@type': null,
    name: map.name,
    shortname: map.shortname,
    modality: map.modality,
    // Sic: the original writes the modality here, too.
    description: map.modality,
    publications: [...own, ...ofDatasets],
    datasets,
    species: map.species,
    indices: {},
    volumes: [],
    parcellation: { '@id': map.parcellation.id },
    space: { '@id': map.space.id },
    maptype: map.mapType,
  }
}

export async function serializeMap(core: AtlasCore, map: ParcellationMap, remap?: ProviderRemap): Promise<MapModel> {
  const [summary, volumes] = await Promise.all([
    serializeMapSummary(core, map),
    Promise.all(map.volumes.map((volume) => serializeVolume(core, volume, { spaceId: map.space.id, remap }))),
  ])
  return { ...summary, indices: serializeIndices(map), volumes }
}

function serializeIndices(map: ParcellationMap): MapModel['indices'] {
  const indices = [...map.indices].map(([name, list]) => {
    return [name, list.map((index) => ({ '@type': null, ...index }))] as const
  })
  return Object.fromEntries(indices)
}

function serializePublication(citation: string | undefined, url: string | undefined): SiibraPublication {
  return { '@type': null, citation: citation ?? '', url: url ?? '' }
}
