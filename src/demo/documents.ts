import { toMirrorPath } from '../siibra/index.ts'
import { AREAS, requireArea } from './anatomy.ts'
import { demoUuid, HUMAN } from './ids.ts'
import { BURROW_AREAS, entityVersionId, firstVersionAreas } from './parcellations.ts'
import { type DemoPart, demoUrl, jsonBytes } from './part.ts'

const INSTANCES = 'https://kg.ebrains.eu/api/instances/'
const ENTITY = 'https://openminds.ebrains.eu/sands/ParcellationEntity'

/** Data sets that the demo's files refer to, by the number in their UUID. */
const DATASET_VERSIONS: Record<number, string> = {
  16: 'Demo mean template',
  17: 'Demo Harbour Parcellation',
  18: 'Demo Harbour Parcellation',
  48: 'Demo connectivity of the Harbour areas',
  49: 'Demo tracing in the Burrow',
  50: 'Demo retrograde tracing between Harbour areas',
  64: 'Demo receptor densities',
  65: 'Demo calbindin profiles',
  66: 'Demo time series',
  67: 'Demo cell densities',
  80: 'Demo images',
  96: 'Demo recordings in the Bow',
  97: 'Demo recordings in the Stern',
}

/** Data sets that are found by region only: the number in their UUID and the area they are about. */
const REGIONAL_DATASETS = [
  { number: 96, area: requireArea(0) },
  { number: 97, area: requireArea(2) },
]

/**
 * Documents of the knowledge graph, at the addresses where the service looks for them: descriptions of data sets, data sets
 * by region, and how regions of different parcellations relate.
 */
export const documents: DemoPart = {
  files: {},
  objects: {
    ...Object.fromEntries(
      Object.entries(DATASET_VERSIONS).map(([number, name]) => [
        documentKey(`ebrainsquery/v3/DatasetVersion/${demoUuid(Number(number))}.json`),
        () => jsonBytes(datasetVersion(Number(number), name)),
      ]),
    ),
    [documentKey(`ebrainsquery/v3/Dataset/${demoUuid(0x21)}.json`)]: () => jsonBytes(parentDataset()),
    [documentKey('ebrainsquery/v1/parcellationregions/_all.json')]: () => jsonBytes(regionalDatasets()),
    ...entityDocuments(),
  },
}

function documentKey(path: string): string {
  const file = encodeURIComponent(path)
  return toMirrorPath(`https://jugit.fz-juelich.de/api/v4/projects/7846/repository/files/${file}/raw?ref=master`)
}

function entityKey(type: string, uuid: string): string {
  return `data-proxy.ebrains.eu/api/v1/buckets/reference-atlas-data/ebrainsquery/v3/${type}/${uuid}.json`
}

function datasetVersion(number: number, name: string) {
  return {
    id: INSTANCES + demoUuid(number),
    fullName: name,
    versionIdentifier: number === 17 ? 'v1.0' : 'v2.0',
    versionInnovation: 'Invented anew.',
    isVersionOf: number === 17 || number === 18 ? [{ id: INSTANCES + demoUuid(0x21) }] : [],
    doi: [{ identifier: demoUrl(`datasets/${number}`) }],
    description: `${name}: computed by formulas for trying the service without network. Nothing was measured.`,
    author: [person('Ada', 'Anchor', 1), person('Ben', 'Buoy', 2)],
    custodian: [person('Ada', 'Anchor', 1)],
    license: ['CC0 1.0 Universal'],
  }
}

function parentDataset() {
  return {
    id: INSTANCES + demoUuid(0x21),
    fullName: 'Demo Harbour Parcellation',
    description: 'All versions of the invented parcellation.',
    doi: [{ identifier: demoUrl('datasets/harbour') }],
    versions: [{ id: INSTANCES + demoUuid(0x11) }, { id: INSTANCES + demoUuid(0x12) }],
    custodian: [person('Ada', 'Anchor', 1)],
    license: 'CC0 1.0 Universal',
  }
}

function person(givenName: string, familyName: string, number: number) {
  return {
    id: INSTANCES + demoUuid(0xa00 + number),
    type: ['https://openminds.ebrains.eu/core/Person'],
    givenName,
    familyName,
    shortName: `${familyName}, ${givenName[0]}.`,
  }
}

function regionalDatasets() {
  const species = [{ '@id': 'https://nexus.humanbrainproject.org/v0/data/minds/core/species/v1.0.0/demo', name: HUMAN }]
  return REGIONAL_DATASETS.map(({ number, area }) => ({
    '@id': demoUuid(0x1000 + number),
    name: area.name,
    alias: area.name,
    species,
    datasets: [
      {
        '@id': `https://nexus.humanbrainproject.org/v0/data/minds/core/dataset/v1.0.0/${demoUuid(number)}`,
        name: DATASET_VERSIONS[number],
        species,
      },
    ],
  }))
}

/**
 * One entity per name with its versions in the two Harbour parcellations, so that each region finds its other version; and
 * one homology between species: the stern's first area and the burrow's chamber.
 */
function entityDocuments(): DemoPart['objects'] {
  const objects: DemoPart['objects'] = {}
  const versions = new Map<string, number[]>()
  for (const { name } of firstVersionAreas()) versions.set(name, [1])
  for (const { name } of AREAS) versions.set(name, [...(versions.get(name) ?? []), 2])
  for (const { name } of BURROW_AREAS) versions.set(name, [1])
  for (const [name, numbers] of versions) {
    const entity = { id: INSTANCES + entityVersionId(name, 0), name, type: [ENTITY] }
    const hasVersion = numbers.map((version) => ({
      id: INSTANCES + entityVersionId(name, version),
      type: [`${ENTITY}Version`],
    }))
    objects[entityKey('ParcellationEntity', entityVersionId(name, 0))] = () =>
      jsonBytes({ ...entity, hasVersion, inRelationTo: homologiesOf(name) })
    for (const version of hasVersion) {
      const uuid = version.id.slice(INSTANCES.length)
      objects[entityKey('ParcellationEntityVersion', uuid)] = () => jsonBytes({ ...version, isVersionOf: [entity] })
    }
  }
  return objects
}

const HOMOLOGOUS = [requireArea(2).name, BURROW_AREAS[2].name]

function homologiesOf(name: string) {
  if (!HOMOLOGOUS.includes(name)) return []
  return HOMOLOGOUS.filter((other) => other !== name).map((other) => ({
    qualitativeOverlap: [
      {
        id: INSTANCES + demoUuid(0xb00),
        name: 'is homologous to',
        type: ['https://openminds.ebrains.eu/controlledTerms/QualitativeOverlap'],
      },
    ],
    inRelationTo: [{ id: INSTANCES + entityVersionId(other, 0), name: other, type: [ENTITY] }],
  }))
}
