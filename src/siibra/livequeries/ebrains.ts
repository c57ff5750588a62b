/** Data sets of the EBRAINS knowledge graph that are said to be about a region. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import { findSpecies } from '../core/species.ts'
import type { Region } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { relateRegions } from '../features/anchors/anchor-regions.ts'
import { featureIndex } from '../features/catalogue.ts'
import { type Anchor, type EbrainsDatasetFeature, LIVE_CATEGORY, liveFeatureId } from '../features/feature.ts'
import { loadOncePer } from '../retrieval/cache/once-per.ts'
import type { LiveQuery } from './live-query.ts'

const DOCUMENT = 'ebrainsquery/v1/parcellationregions/_all.json'

/** Data sets behind parcellations themselves, which would be about every region. */
const LEFT_OUT = [
  'Whole-brain parcellation of the Julich-Brain Cytoarchitectonic Atlas',
  'whole-brain collections of cytoarchitectonic probabilistic maps',
  'DiFuMo atlas',
  'Automated Anatomical Labeling (AAL1) atlas',
].map((name) => name.toLowerCase())

/** Before version 3 the knowledge graph had versions in names: `(v1.0)`, `[rat, v2.1]`. */
const VERSION = /^(.*?) *[[(][^v]*?(v[0-9].*?)[\])]/

/** A data set that is about a region, as the knowledge graph names it. */
interface Statement {
  id: string
  name: string
  anchor: Anchor
}

async function readStatements(core: AtlasCore): Promise<Statement[]> {
  const document = await core.readDocument(DOCUMENT)
  if (!Array.isArray(document)) {
    throw new SiibraError('UPSTREAM_UNAVAILABLE', `The list of data sets per region (${DOCUMENT}) cannot be had`, {
      url: DOCUMENT,
    })
  }
  const parcellationDatasets = core.parcellations.all.flatMap(({ datasets }) =>
    datasets.flatMap((dataset) => (dataset.kind === 'EbrainsV3DatasetVersion' ? [dataset.id] : [])),
  )
  return document.flatMap((entry) => {
    const { name, alias, datasets } = entry as { name?: string; alias?: string; datasets?: unknown[] }
    const regionSpec = alias || name
    if (!regionSpec || !Array.isArray(datasets)) return []
    return datasets.flatMap((dataset) => {
      const { '@id': id, name: datasetName = '' } = dataset as { '@id'?: string; name?: string }
      const species = findSpecies(dataset)
      if (!id?.includes('dataset') || species === undefined) return []
      const isLeftOut =
        parcellationDatasets.some((parcellationDataset) => id.endsWith(parcellationDataset)) ||
        LEFT_OUT.some((text) => datasetName.toLowerCase().includes(text))
      return isLeftOut ? [] : [{ id, name: datasetName, anchor: { species, regionSpec, location: null } }]
    })
  })
}

/** Data sets about the region, its parts and what it is a part of; of versions told by name only the newest. */
export const queryEbrainsDatasets: LiveQuery = async (core, region) => {
  const [statements, index] = await Promise.all([loadOncePer(core, readStatements), featureIndex(core)])
  const about = statements.filter(({ anchor }) =>
    index.regionsOf(anchor).some(({ region: anchored }) => relateRegions(anchored, region) !== null),
  )
  const features = new Map<string, EbrainsDatasetFeature>()
  const versioned = new Map<string, { statement: Statement; version: string }[]>()
  for (const statement of about) {
    const [, name, version] = VERSION.exec(statement.name) ?? []
    if (name === undefined || version === undefined) {
      if (!features.has(statement.id)) features.set(statement.id, toFeature(statement, region, null))
    } else versioned.set(name, [...(versioned.get(name) ?? []), { statement, version }])
  }
  for (const versions of versioned.values()) {
    const newest = versions.reduce((best, next) => (compareVersions(next.version, best.version) >= 0 ? next : best))
    const { statement, version } = newest
    if (!features.has(statement.id)) features.set(statement.id, toFeature(statement, region, version))
  }
  return [...features.values()]
}

function toFeature({ id, name, anchor }: Statement, region: Region, version: string | null): EbrainsDatasetFeature {
  return {
    kind: 'ebrains-dataset',
    type: 'EbrainsDataFeature',
    category: LIVE_CATEGORY,
    modality: null,
    id: liveFeatureId('EbrainsDataFeature', region, id),
    name: `Ebrains Dataset: ${name}`,
    description: null,
    anchor,
    datasets: [{ kind: 'EbrainsV3DatasetVersion', id }],
    file: null,
    version,
  }
}

/** Numbers as numbers, the rest as texts, part by part. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
