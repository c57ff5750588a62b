import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Qualification } from '../core/related-regions.ts'
import type { Parcellation } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { featureIndex } from './catalogue.ts'
import type { Feature } from './feature.ts'
import type { RegionalMatrixFeature } from './load/load-table.ts'

/** Name and description, as far as they come from the data sets' documents. */
export async function describeFeature(
  core: AtlasCore,
  feature: Feature,
): Promise<{ name: string; description: string }> {
  if (feature.description !== null) return { name: feature.name, description: feature.description }
  const datasets = await core.datasets.describeAll(feature.datasets)
  const descriptions = [...new Set(datasets.map(({ description }) => description ?? ''))].filter(Boolean)
  const [first] = datasets
  if (feature.kind === 'ebrains-dataset') {
    return { name: first ? `Ebrains Dataset: ${first.name}` : feature.name, description: first?.description ?? '' }
  }
  const isOfAll = feature.kind === 'connectivity' || feature.kind === 'interareal' || feature.kind === 'timeseries'
  return { name: feature.name, description: (isOfAll ? descriptions : descriptions.slice(0, 1)).join('\n') }
}

/** The parcellation whose regions the rows of a matrix are. Throws BAD_CONFIGURATION where there is none. */
export async function anchoredParcellation(core: AtlasCore, feature: RegionalMatrixFeature): Promise<Parcellation> {
  const regions = (await featureIndex(core)).regionsOf(feature.anchor)
  const parcellation = regions.map(({ region }) => region).find((region) => region.kind === 'parcellation')
  if (!parcellation) {
    throw new SiibraError('BAD_CONFIGURATION', `${feature.id} names no parcellation`, {
      file: feature.file,
      property: 'parcellation',
    })
  }
  return parcellation as Parcellation
}

const VERBS: Readonly<Record<Qualification, string>> = {
  EXACT: 'coincides with',
  OVERLAPS: 'overlaps with',
  CONTAINED: 'is contained in',
  CONTAINS: 'contains',
  APPROXIMATE: 'approximates to',
  HOMOLOGOUS: 'is homologous to',
  OTHER_VERSION: 'is another version of',
}

/** In words, e.g. `'Area 44 (IFG)' contains 'Area 44 (IFG) right'`. */
export function explainRelation(anchored: string, qualification: Qualification, asked: string): string {
  return `'${anchored}' ${VERBS[qualification]} '${asked}'`
}
