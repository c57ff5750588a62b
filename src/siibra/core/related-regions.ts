import { LRUCache } from 'lru-cache'
import { oncePer } from '../retrieval/cache/once-per.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import type { Parcellation, Region } from './types.ts'

export type Qualification =
  | 'EXACT'
  | 'OVERLAPS'
  | 'CONTAINED'
  | 'CONTAINS'
  | 'APPROXIMATE'
  | 'HOMOLOGOUS'
  | 'OTHER_VERSION'

/** `region` stands in this relation to `related`, a region of any parcellation. */
export interface RegionRelation {
  region: Region
  related: Region
  qualification: Qualification
}

/** Anatomical entities of the knowledge graph, exported to a public bucket. */
const BUCKET = 'https://data-proxy.ebrains.eu/api/v1/buckets/reference-atlas-data/ebrainsquery/v3'
const MAX_KEPT_DOCUMENTS = 2000
const PARCELLATION_ENTITY_TYPE = 'https://openminds.ebrains.eu/sands/ParcellationEntity'

/** What the knowledge graph calls relations, as far as siibra understands it. */
const QUALIFICATIONS: Readonly<Record<string, Qualification>> = { 'is homologous to': 'HOMOLOGOUS' }

type EntityKind = 'CustomAnatomicalEntity' | 'ParcellationEntity' | 'ParcellationEntityVersion'

interface Reference {
  id?: string
  type?: string[]
}

interface Relation {
  qualitativeOverlap?: { name?: string }[]
  relationAssessment?: Reference[]
  inRelationTo?: Reference[]
}

interface Entity {
  isVersionOf?: Reference[]
  hasVersion?: Reference[]
  inRelationTo?: Relation[]
  relationAssessment?: Relation[]
}

export interface RelationSources {
  parcellations: { all: readonly Parcellation[] }
  retrieval: Retrieval
}

/**
 * Other versions of a region, and regions that the knowledge graph relates to it (homologous ones of other species).
 * Entities that the graph does not have are passed over. Throws UPSTREAM_UNAVAILABLE.
 */
export async function findRelatedRegions(core: RelationSources, region: Region): Promise<RegionRelation[]> {
  if (region.kind === 'parcellation') return []
  const relations: RegionRelation[] = []
  for (const [schema, ids] of Object.entries(region.ebrains)) {
    if (schema === 'openminds/CustomAnatomicalEntity')
      relations.push(...(await ofCustomEntities(core, region, [ids].flat())))
    if (schema === 'openminds/ParcellationEntityVersion')
      relations.push(...(await ofVersions(core, region, [ids].flat())))
  }
  return relations
}

async function ofCustomEntities(core: RelationSources, region: Region, ids: string[]): Promise<RegionRelation[]> {
  const entities = await readEntities(core, 'CustomAnatomicalEntity', ids)
  const assessments = entities.flatMap(({ relationAssessment = [] }) => relationAssessment)
  return (await Promise.all(assessments.map((relation) => ofRelation(core, region, relation)))).flat()
}

async function ofVersions(core: RelationSources, region: Region, ids: string[]): Promise<RegionRelation[]> {
  const versions = await readEntities(core, 'ParcellationEntityVersion', ids)
  const entityIds = new Set(versions.flatMap(({ isVersionOf = [] }) => isVersionOf.map(uuidOf)))
  const entities = await readEntities(core, 'ParcellationEntity', [...entityIds])
  const relations = await Promise.all(
    entities.map(async ({ hasVersion = [], inRelationTo = [] }) => [
      ...hasVersion.map(uuidOf).flatMap((id) => otherVersions(core, region, id)),
      ...(await Promise.all(inRelationTo.map((relation) => ofRelation(core, region, relation)))).flat(),
    ]),
  )
  return relations.flat()
}

function otherVersions(core: RelationSources, region: Region, id: string): RegionRelation[] {
  if (Object.values(region.ebrains).flat().includes(id)) return []
  return regionsOf(core, [id]).map((related) => ({ region, related, qualification: 'OTHER_VERSION' }))
}

async function ofRelation(core: RelationSources, region: Region, relation: Relation): Promise<RegionRelation[]> {
  const qualification = QUALIFICATIONS[relation.qualitativeOverlap?.[0]?.name ?? '']
  if (!qualification) return []
  const targets = relation.relationAssessment ?? relation.inRelationTo ?? []
  const related = await Promise.all(
    targets.map(async (target) => {
      const id = uuidOf(target)
      const regions = regionsOf(core, [id])
      if (!target.type?.includes(PARCELLATION_ENTITY_TYPE)) return regions
      const entities = await readEntities(core, 'ParcellationEntity', [id])
      const versionIds = entities.flatMap(({ hasVersion = [] }) => hasVersion.map(uuidOf))
      return [...regions, ...regionsOf(core, versionIds)]
    }),
  )
  return related.flat().map((one) => ({ region, related: one, qualification }))
}

function uuidOf(reference: Reference): string {
  return /[a-f0-9-]+$/.exec(reference.id ?? '')?.[0] ?? ''
}

/** Regions of all parcellations that have one of these ids among their `ebrains`, in the order of parcellations and trees. */
function regionsOf(core: RelationSources, ids: string[]): Region[] {
  const index = oncePer(core.parcellations, indexByEbrainsId)
  const found = new Set(ids.flatMap((id) => index.get(id) ?? []))
  if (ids.length <= 1) return [...found]
  const { all } = core.parcellations
  return [...found].sort(
    (a, b) =>
      all.indexOf(a.parcellation) - all.indexOf(b.parcellation) ||
      a.parcellation.regions.indexOf(a) - b.parcellation.regions.indexOf(b),
  )
}

function indexByEbrainsId({ all }: RelationSources['parcellations']): ReadonlyMap<string, Region[]> {
  const index = new Map<string, Region[]>()
  for (const parcellation of all) {
    for (const region of parcellation.regions) {
      if (region.kind === 'parcellation') continue
      for (const id of new Set(Object.values(region.ebrains).flat())) {
        const regions = index.get(id)
        if (regions) regions.push(region)
        else index.set(id, [region])
      }
    }
  }
  return index
}

const createDocuments = (_: Retrieval) => new LRUCache<string, Entity>({ max: MAX_KEPT_DOCUMENTS })

async function readEntities({ retrieval }: RelationSources, kind: EntityKind, ids: string[]): Promise<Entity[]> {
  const documents = oncePer(retrieval, createDocuments)
  const entities = await Promise.all(
    ids.map(async (id) => {
      const url = `${BUCKET}/${kind}/${uuidOf({ id })}.json`
      const entity = documents.get(url) ?? (await retrieval.json<Entity>(url))
      if (entity) documents.set(url, entity)
      return entity ? [entity] : []
    }),
  )
  return entities.flat()
}
