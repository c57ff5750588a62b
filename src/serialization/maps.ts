import type { MapModel, SiibraPublication } from '../models/volumes.ts'
import type { AtlasCore, ParcellationMap } from '../siibra/index.ts'
import { serializeDatasets } from './datasets.ts'
import type { Gaps } from './gaps.ts'
import { type AnswerOptions, serializeVolume } from './volumes.ts'

/** A map as it stands in listings, without indices and volumes. */
export async function serializeMapSummary(core: AtlasCore, map: ParcellationMap, gaps?: Gaps): Promise<MapModel> {
  const datasets = await serializeDatasets(core, map.datasets, gaps)
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

export async function serializeMap(
  core: AtlasCore,
  map: ParcellationMap,
  options: AnswerOptions = {},
): Promise<MapModel> {
  const [summary, volumes] = await Promise.all([
    serializeMapSummary(core, map, options.gaps),
    Promise.all(map.volumes.map((volume) => serializeVolume(core, volume, { ...options, spaceId: map.space.id }))),
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
