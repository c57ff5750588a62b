import { ClustersParams } from '../../../models/images.ts'
import { type ClusterPart, clustersTable } from '../../../serialization/images/clusters.ts'
import {
  type AtlasCore,
  findClusters,
  type ParcellationMap,
  regionsOfClusters,
  SiibraError,
} from '../../../siibra/index.ts'
import type { DataHandler } from '../../../tasks/task.ts'
import { readImageBody, requireMeeting } from '../../bodies/image-body.ts'
import { provenanceOf } from '../../provenance.ts'
import { requireMap } from '../find-map.ts'

/** The clusters of a statistical image, their peaks, and the regions of both. */
export const clustersOfImage: DataHandler<ClustersParams> = {
  name: 'clusters',
  queue: 'volumes',
  params: ClustersParams,
  async run(params, context) {
    const core = await context.core()
    const { signal } = context
    const parcellations = [...new Set(params.parcellation_ids ?? [])]
    const maps = parcellations.map((spec) => labelledMapOf(core, spec, params.space_id))
    const image = await readImageBody(context)
    for (const { map } of maps) {
      const grids = await Promise.all(map.volumes.map((volume) => core.volumes.fetchGrid(volume, { signal })))
      requireMeeting(image, grids, `the map '${map.name}'`)
    }
    const clusters = await findClusters(image, {
      statThreshold: params.stat_threshold,
      clusterExtentVox: params.cluster_extent,
      minDistanceMm: params.min_distance_mm,
      isTwoSided: params.two_sided,
      signal,
    })
    const parts: ClusterPart[] = []
    for (const { map } of maps)
      parts.push({ map, regions: await regionsOfClusters(core, map, image, clusters, signal) })
    const [first] = maps
    return {
      table: async () => ({
        ...clustersTable(clusters, parts),
        ...(first ? { provenance: await provenanceOf(core, { map: first.map }) } : {}),
      }),
      headers: first?.headers ?? {},
    }
  },
}

/** The labelled map of a parcellation in a space; without a space the only one that it has. */
function labelledMapOf(core: AtlasCore, spec: string, space: string | undefined) {
  if (space !== undefined) return requireMap(core, { parcellation_id: spec, space_id: space }, 'LABELLED')
  const parcellation = core.parcellations.lookUp(spec).object
  const isOfIt = (map: ParcellationMap) => map.parcellation === parcellation && map.mapType === 'LABELLED'
  const spaces = [...new Set(core.maps.all.filter(isOfIt).map((map) => map.space))].filter(
    ({ volumes }) => volumes.length > 0,
  )
  const [only, ...others] = spaces
  if (only && others.length === 0) return requireMap(core, { parcellation_id: spec, space_id: only.id }, 'LABELLED')
  const names = spaces.map(({ name }) => name)
  throw new SiibraError(
    'INVALID_PARAMETER',
    `space_id is missing: '${parcellation.name}' has labelled maps in several`,
    {
      parameter: 'space_id',
      allowed: names,
    },
  )
}
