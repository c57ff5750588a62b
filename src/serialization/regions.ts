import { OPENMINDS_VOCAB } from '../models/common.ts'
import type { BestViewPoint, ParcellationEntityVersionModel, RegionRelationAsmtModel } from '../models/core.ts'
import { type Region, type RegionRelation, regionModelId, type Space } from '../siibra/index.ts'
import { type Table, tableOf } from '../tables/table.ts'
import { bigBrainMeshes } from './bigbrain-meshes.ts'
import { serializeParcellationName } from './parcellations.ts'
import { serializeCoordinate } from './spaces.ts'

export interface RegionOptions {
  bestViewPoint?: BestViewPoint | undefined
}

export function serializeRegion(region: Region, options: RegionOptions = {}): ParcellationEntityVersionModel {
  const meshes = bigBrainMeshes(region)
  return {
    ...serializeRegionName(region),
    hasAnnotation: {
      '@context': OPENMINDS_VOCAB,
      bestViewPoint: options.bestViewPoint ?? null,
      criteria: null,
      criteriaQualityType: { '@id': 'https://openminds.ebrains.eu/instances/criteriaQualityType/asserted' },
      displayColor: region.rgb,
      inspiredBy: meshes.length > 0 ? meshes.map((id) => ({ '@id': id })) : null,
      internalIdentifier: '',
      laterality: null,
      visualizedIn: null,
    },
  }
}

/** With its parcellation, where regions of several are listed. */
export function serializeRegionOf(region: Region): ParcellationEntityVersionModel {
  const { id, name } = region.parcellation
  return { ...serializeRegion(region), parcellation: { '@id': id, name } }
}

/** Regions by name, with the ids that other routes take. */
export function regionTable(regions: readonly Region[], { withParcellation = false } = {}): Table {
  const parentOf = ({ parent }: Region) => (parent && parent.kind !== 'parcellation' ? regionModelId(parent) : null)
  return tableOf(
    'regions',
    regions.map((region) => ({
      name: region.name,
      id: regionModelId(region),
      parent_id: parentOf(region),
      color: region.rgb,
      parcellation: region.parcellation.name,
      parcellation_id: region.parcellation.id,
    })),
    {
      name: 'text',
      id: 'text',
      parent_id: 'text',
      color: 'text',
      ...(withParcellation ? { parcellation: 'text', parcellation_id: 'text' } : {}),
    },
  )
}

/** The short form, as it stands in relations between regions. */
export function serializeRegionName(region: Region): ParcellationEntityVersionModel {
  const { parent } = region
  const hasParent = parent === null || parent.kind === 'parcellation' ? null : [{ '@id': regionModelId(parent) }]
  return {
    '@context': OPENMINDS_VOCAB,
    '@id': regionModelId(region),
    '@type': 'siibra-0.4/region',
    hasAnnotation: null,
    hasParent,
    lookupLabel: null,
    name: region.name,
    ontologyIdentifier: null,
    relationAssessment: null,
    versionIdentifier: `${region.parcellation.name} - ${region.name}`,
    versionInnovation: region.description,
  }
}

/** A point in mm of the space, from which a region is seen best. */
export function serializeBestViewPoint(space: Space, pointMm: readonly number[]): BestViewPoint {
  return {
    '@context': OPENMINDS_VOCAB,
    coordinateSpace: { '@id': space.id },
    coordinates: pointMm.map(serializeCoordinate),
  }
}

export function serializeRelation(relation: RegionRelation): RegionRelationAsmtModel {
  return {
    '@type': 'siibra-0.4/regionRelationAssessment',
    qualification: relation.qualification,
    query_structure: serializeRegionName(relation.region),
    assigned_structure: serializeRegionName(relation.related),
    assigned_structure_parcellation: serializeParcellationName(relation.related.parcellation),
  }
}
