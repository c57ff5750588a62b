import { RegionRelativesParams } from '../../models/region-tree.ts'
import { serializeRegion } from '../../serialization/regions.ts'
import { ancestors, descendants, type Region, siblings } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

/** What a region is a part of, the outermost first (as siibra and BrainGlobe list them); the parcellation is none of them. */
const outermostFirst = (region: Region) => ancestors(region).reverse()

export const regionAncestors = relatives('region_ancestors', outermostFirst)
export const regionDescendants = relatives('region_descendants', descendants)
export const regionSiblings = relatives('region_siblings', siblings)

/** A listing of regions that stand to another one in some way in its tree. */
function relatives(name: string, relativesOf: (region: Region) => Region[]): DataHandler<RegionRelativesParams> {
  return {
    name,
    queue: 'core',
    params: RegionRelativesParams,
    async run({ parcellation_id, region_id, ...paging }, context) {
      const core = await context.core()
      const parcellation = core.parcellations.lookUp(parcellation_id)
      const region = lookUpRequestedRegion(parcellation.object, region_id)
      const found = relativesOf(region.object).filter(({ kind }) => kind !== 'parcellation')
      return {
        json: await paginate(found, paging, (one) => serializeRegion(one)),
        headers: matchHeaders({ parcellation, region }),
      }
    },
  }
}
