import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Qualification } from '../core/related-regions.ts'
import type { Region } from '../core/types.ts'
import { relateRegions } from '../features/anchors/anchor-regions.ts'
import { featureIndex } from '../features/catalogue.ts'
import { explainRelation } from '../features/describe.ts'
import type { Feature } from '../features/feature.ts'
import type { FeatureLocation } from '../features/location.ts'
import { loadDatasets } from './concepts.ts'
import type { Gaps } from './gaps.ts'

/** Where a feature belongs: a location, and regions of all parcellations that know the region of its data set. */
export interface AnchorFacts {
  location: FeatureLocation | null
  regions: readonly {
    region: Region
    qualification: Qualification
    /** Its own description, else the first one of its data sets; empty where neither is there. */
    description: string
  }[]
  /** How these regions relate to the one that was asked for, as far as they do. */
  matches: readonly { region: Region; asked: Region; qualification: Qualification; explanation: string }[]
}

/** @param asked the region that a request is about; without one there are no matches. */
export async function loadAnchorFacts(
  core: AtlasCore,
  { anchor }: Feature,
  asked?: Region,
  gaps?: Gaps,
): Promise<AnchorFacts> {
  const anchored = (await featureIndex(core)).regionsOf(anchor)
  const matches = anchored.flatMap(({ region }) => {
    const qualification = asked && relateRegions(region, asked)
    if (!asked || !qualification) return []
    return [{ region, asked, qualification, explanation: explainRelation(region.name, qualification, asked.name) }]
  })
  const regions = await Promise.all(
    anchored.map(async ({ region, qualification }) => {
      return { region, qualification, description: await describeRegion(core, region, gaps) }
    }),
  )
  return { location: anchor.location, regions, matches }
}

/** Regions (mostly parcellations) that have no description of their own have that of their data sets. */
async function describeRegion(core: AtlasCore, region: Region, gaps?: Gaps): Promise<string> {
  if (region.description !== '' || region.datasets.length === 0) return region.description
  const datasets = await loadDatasets(core, region.datasets, gaps)
  return datasets.find(({ description }) => description)?.description ?? ''
}
