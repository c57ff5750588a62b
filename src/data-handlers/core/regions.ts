import { AllRegionsParams, RelatedRegionsParams, SingleRegionParams } from '../../models/parameters/core.ts'
import { regionTable, serializeRegion, serializeRegionOf, serializeRelation } from '../../serialization/regions.ts'
import { filterRegions, findRelatedRegions, type Region, SiibraError } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'
import { provenanceOf } from '../provenance.ts'
import { bestViewPoint } from './best-view-point.ts'
import { chooseParcellations, rootsNamed } from './choose-parcellations.ts'

/**
 * All regions of a parcellation in the order of its tree, or those that `find` matches, the most similar first; without a parcellation those
 * of all of them that match.
 */
export const allRegions: DataHandler<AllRegionsParams> = {
  name: 'all_regions',
  queue: 'core',
  params: AllRegionsParams,
  async run({ parcellation_id, atlas_id, species, within, find, leaf, label, ...paging }, context) {
    const core = await context.core()
    const parcellation = parcellation_id === undefined ? undefined : core.parcellations.lookUp(parcellation_id)
    const searched = chooseParcellations(core, { parcellation: parcellation?.object, atlas_id, species })
    const roots = within === undefined ? searched : rootsNamed(searched, within)
    const filter = { find, label, leaf: leaf === undefined ? undefined : leaf === 'true' }
    const regions = filterRegions(core, roots, filter)
    const tell = parcellation ? (region: Region) => serializeRegion(region) : serializeRegionOf
    return {
      json: () => paginate(regions, paging, tell),
      table: async () => {
        const provenance = await provenanceOf(core, { parcellation: parcellation?.object })
        return { ...regionTable(regions, { withParcellation: parcellation === undefined }), provenance }
      },
      items: () => each(regions, tell),
      headers: matchHeaders({ parcellation }),
    }
  },
}

/** One after the other: only those that are being written are in memory. */
function* each(regions: readonly Region[], tell: (region: Region) => unknown) {
  for (const region of regions) yield tell(region)
}

export const singleRegion: DataHandler<SingleRegionParams> = {
  name: 'single_region',
  queue: 'core',
  params: SingleRegionParams,
  async run({ parcellation_id, region_id, space_id, extent }, context) {
    const core = await context.core()
    const space = space_id ? core.spaces.lookUp(space_id) : undefined
    const parcellation = core.parcellations.lookUp(parcellation_id)
    const region = lookUpRequestedRegion(parcellation.object, region_id)
    if (region.object.kind === 'parcellation') {
      const message = `'${region_id}' means the parcellation '${parcellation.object.name}' as a whole, not one of its regions`
      throw new SiibraError('NOT_FOUND', message, { parameter: 'region_id' })
    }
    const options = { extent, signal: context.signal }
    const viewPoint = space && (await bestViewPoint(core, region.object, space.object, options))
    return {
      json: serializeRegion(region.object, { bestViewPoint: viewPoint }),
      headers: matchHeaders({ parcellation, region, space }),
    }
  },
}

export const relatedRegions: DataHandler<RelatedRegionsParams> = {
  name: 'related_regions',
  queue: 'core',
  params: RelatedRegionsParams,
  async run({ parcellation_id, region_id, ...paging }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    const region = lookUpRequestedRegion(parcellation.object, region_id)
    const relations = await findRelatedRegions(core, region.object)
    return {
      json: await paginate(relations, paging, serializeRelation),
      headers: matchHeaders({ parcellation, region }),
    }
  },
}
