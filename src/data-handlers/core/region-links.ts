import { RegionLinksParams } from '../../models/region-tree.ts'
import {
  explorerUrl,
  findMap,
  loadNeuroglancerState,
  mapTexts,
  neuroglancerUrl,
  redactCredentials,
  regionSpatialProps,
} from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'
import { matchHeaders } from '../match-header.ts'

const RODENTS = ['Mus musculus', 'Rattus norvegicus']

/** Addresses at which other programs show a region: siibra-explorer, neuroglancer. */
export const regionLinks: DataHandler<RegionLinksParams> = {
  name: 'region_links',
  queue: 'core',
  params: RegionLinksParams,
  async run({ parcellation_id, region_id, space_id }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    const space = core.spaces.lookUp(space_id)
    const region = lookUpRequestedRegion(parcellation.object, region_id)
    const [largest] = await regionSpatialProps(core, region.object, space.object, { signal: context.signal })
    const centreMm = largest?.centroidMm
    const atlas = core.atlases.all.find(
      ({ parcellationIds, spaceIds }) =>
        parcellationIds.includes(parcellation.object.id) && spaceIds.includes(space.object.id),
    )
    const query = { parcellation: parcellation.object, space: space.object.id }
    const map = findMap(core, { ...query, mapType: 'LABELLED' }) ?? findMap(core, { ...query, mapType: 'STATISTICAL' })
    const view = { space: space.object, map, region: region.object, centreMm }
    const loaded = await loadNeuroglancerState(core.retrieval, view, context.signal)
    const remap = context.remapProviders ?? []
    const state = mapTexts(loaded, (text) =>
      redactCredentials(remap.reduce((changed, [from, to]) => changed.replaceAll(from, to), text)),
    )
    return {
      json: {
        position_mm: centreMm ?? null,
        explorer:
          atlas === undefined
            ? null
            : explorerUrl({
                atlasId: atlas.id,
                spaceId: space.object.id,
                parcellationId: parcellation.object.id,
                regionName: region.object.kind === 'parcellation' ? undefined : region.object.name,
                centreMm,
                isRodent: RODENTS.includes(space.object.species),
              }),
        neuroglancer: { url: neuroglancerUrl(state), state },
      },
      headers: matchHeaders({ parcellation, region, space }),
    }
  },
}
