import type { MapModel, SiibraPublication } from '../models/volumes.ts'
import type { DatasetFacts, ParcellationMap, VolumesFacts } from '../siibra/index.ts'
import { serializeDataset } from './datasets.ts'
import { type AnswerOptions, serializeVolume } from './volumes.ts'

/** A map as it stands in listings, without indices and volumes. */
export function serializeMapSummary(map: ParcellationMap, facts: DatasetFacts): MapModel {
  const datasets = facts.datasets.map(serializeDataset)
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

export function serializeMap(map: ParcellationMap, facts: VolumesFacts, { remap }: AnswerOptions = {}): MapModel {
  const volumes = facts.volumes.map((volume) => serializeVolume(volume, { spaceId: map.space.id, remap }))
  return { ...serializeMapSummary(map, facts), indices: serializeIndices(map), volumes }
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
