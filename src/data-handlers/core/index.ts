import type { AnyHandler } from '../../tasks/task.ts'
import { allAtlases, singleAtlas } from './atlases.ts'
import { getGenes } from './genes.ts'
import { filteredMaps, getMap, singleMap } from './maps.ts'
import { allParcellations, singleParcellation } from './parcellations.ts'
import { regionLinks } from './region-links.ts'
import { regionAncestors, regionDescendants, regionSiblings } from './region-relatives.ts'
import { allRegions, relatedRegions, singleRegion } from './regions.ts'
import { allSpaces, singleSpace } from './spaces.ts'

export const coreHandlers: readonly AnyHandler[] = [
  allAtlases,
  singleAtlas,
  allSpaces,
  singleSpace,
  allParcellations,
  singleParcellation,
  allRegions,
  singleRegion,
  relatedRegions,
  regionAncestors,
  regionDescendants,
  regionSiblings,
  regionLinks,
  filteredMaps,
  singleMap,
  getMap,
  getGenes,
]
