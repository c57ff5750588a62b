import { OPENMINDS_VOCAB } from '../models/common.ts'
import type { BrainAtlasVersionModel, SiibraParcellationModel, SiibraParcellationVersionModel } from '../models/core.ts'
import type { DatasetFacts, Parcellation, ParcellationVersion, Space } from '../siibra/index.ts'
import { serializeDataset } from './datasets.ts'

const NOTHING = { '@id': '' }
const MAX_DESCRIPTION_CHARS = 2000
const MAX_SHORT_NAME_CHARS = 30

/** `spaces`: those in which the parcellation is mapped. */
export function serializeParcellation(
  parcellation: Parcellation,
  facts: DatasetFacts,
  spaces: readonly Space[],
): SiibraParcellationModel {
  const datasets = facts.datasets.map(serializeDataset)
  const description = parcellation.description || datasets.find((dataset) => dataset.description)?.description || ''
  const entityIds = new Set(parcellation.regions.map(({ id }) => id))
  const hasEntityVersion = [...entityIds].map((id) => ({ '@id': id }))
  return {
    ...serializeParcellationName(parcellation),
    modality: parcellation.modality,
    datasets,
    brainAtlasVersions: spaces.map((space) => serializeInSpace(parcellation, space, { description, hasEntityVersion })),
    version: parcellation.version && serializeVersion(parcellation.version),
    shortname: parcellation.shortname,
  }
}

/** The short form, as it stands in relations between regions. */
export function serializeParcellationName(parcellation: Parcellation): SiibraParcellationModel {
  return {
    '@id': parcellation.id,
    '@type': 'siibra-0.4/parcellation',
    name: parcellation.name,
    modality: null,
    datasets: [],
    brainAtlasVersions: [],
    version: null,
    shortname: null,
  }
}

function serializeInSpace(
  parcellation: Parcellation,
  space: Space,
  shared: { description: string; hasEntityVersion: { '@id': string }[] },
): BrainAtlasVersionModel {
  return {
    '@context': OPENMINDS_VOCAB,
    '@id': `${parcellation.id}/${space.id}`,
    '@type': 'siibra-0.4/parcellation_bav',
    abbreviation: null,
    accessibility: NOTHING,
    atlasType: { '@id': 'https://openminds.ebrains.eu/instances/atlasType/probabilisticAtlas' },
    author: null,
    coordinateSpace: { '@id': space.id },
    copyright: null,
    custodian: null,
    description: firstCharacters(shared.description, MAX_DESCRIPTION_CHARS),
    digitalIdentifier: null,
    fullDocumentation: NOTHING,
    fullName: `${parcellation.name} in ${space.name}`,
    funding: null,
    hasTerminologyVersion: {
      '@context': OPENMINDS_VOCAB,
      definedIn: null,
      hasEntityVersion: shared.hasEntityVersion,
      ontologyIdentifier: null,
    },
    homepage: null,
    howToCite: null,
    isAlternativeVersionOf: null,
    isNewVersionOf: null,
    keyword: null,
    license: NOTHING,
    ontologyIdentifier: null,
    otherContribution: null,
    relatedPublication: null,
    releaseDate: '1970-01-01',
    repository: null,
    shortName: firstCharacters(parcellation.name, MAX_SHORT_NAME_CHARS),
    supportChannel: null,
    versionIdentifier: `${parcellation.version?.name ?? 'None'} in ${space.name}`,
    versionInnovation: '',
  }
}

function serializeVersion(version: ParcellationVersion): SiibraParcellationVersionModel {
  return {
    '@type': 'siibra-0.4/parcellation_version',
    name: version.name,
    deprecated: version.deprecated,
    collection: version.collection,
    prev: version.previousId === null ? null : { '@id': version.previousId },
    next: version.nextId === null ? null : { '@id': version.nextId },
  }
}

/** By code points, so that none is cut in two. */
function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : Array.from(text).slice(0, count).join('')
}
