import { createKey } from '../core/names.ts'
import { decodeSpecies } from '../core/species.ts'
import type { AtlasConcept, DatasetReference, Publication, SpeciesName } from '../core/types.ts'
import { isObject, type Specification, type SpecificationReader } from './specification.ts'

const NO_DATASETS: DatasetReference[] = []
const NO_PUBLICATIONS: Publication[] = []
const NO_EBRAINS: Record<string, string | string[]> = {}

/** The properties that all concepts share; the name is given, since regions clear theirs. */
export function buildConcept(
  reader: SpecificationReader,
  spec: Specification,
  identity: { id: string; name: string },
): AtlasConcept {
  const name = spec.prerelease === true ? `[PRERELEASE] ${identity.name}` : identity.name
  return {
    id: identity.id,
    name,
    key: createKey(name),
    shortname: reader.optionalText(spec, 'shortName') ?? '',
    description: reader.optionalText(spec, 'description') ?? '',
    modality: reader.optionalText(spec, 'modality'),
    publications: buildPublications(reader, spec),
    datasets: buildDatasets(reader, spec),
    ebrains: buildEbrains(reader, spec),
  }
}

export function buildPublications(reader: SpecificationReader, spec: Specification): Publication[] {
  if (spec.publications === undefined) return NO_PUBLICATIONS
  return reader.list(spec, 'publications').filter(isObject)
}

export function buildEbrains(reader: SpecificationReader, spec: Specification): Record<string, string | string[]> {
  if (spec.ebrains === undefined) return NO_EBRAINS
  const ebrains = reader.object(spec, 'ebrains')
  for (const [schema, id] of Object.entries(ebrains)) {
    const isId = typeof id === 'string' || (Array.isArray(id) && id.every((one) => typeof one === 'string'))
    if (!isId) reader.fail(`ebrains.${schema}`, 'is neither an id nor a list of ids')
  }
  return ebrains as Record<string, string | string[]>
}

const DATASET_KINDS = [
  ['minds/core/dataset/v1.0.0', 'EbrainsDataset'],
  ['openminds/DatasetVersion', 'EbrainsV3DatasetVersion'],
  ['openminds/Dataset', 'EbrainsV3Dataset'],
] as const

/** Data sets of the knowledge graph, then publications that have a name, in siibra's order. */
export function buildDatasets(reader: SpecificationReader, spec: Specification): DatasetReference[] {
  if (spec.ebrains === undefined && spec.publications === undefined) return NO_DATASETS
  const ebrains = buildEbrains(reader, spec)
  const datasets: DatasetReference[] = []
  for (const [schema, kind] of DATASET_KINDS) {
    const ids = ebrains[schema]
    if (ids !== undefined) for (const id of [ids].flat()) datasets.push({ kind, id })
  }
  for (const publication of buildPublications(reader, spec)) {
    if (!publication.name) continue
    datasets.push({
      kind: 'GenericDataset',
      name: String(publication.name),
      contributors: Array.isArray(publication.authors) ? publication.authors.map(String) : [],
      url: String(publication.url ?? ''),
      description: String(publication.description ?? ''),
      license: publication.license === undefined ? undefined : String(publication.license),
    })
  }
  return datasets.length === 0 ? NO_DATASETS : datasets
}

/** The species of a specification; fails with the file and property where it is missing or unknown. */
export function buildSpecies(reader: SpecificationReader, spec: Specification): SpeciesName {
  try {
    return decodeSpecies(spec)
  } catch (error) {
    return reader.fail('species', (error as Error).message)
  }
}
