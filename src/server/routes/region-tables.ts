import { DataFrameModel } from '../../models/features.ts'
import { MapOverlapParams, RegionTableParams } from '../../models/region-tables.ts'
import { ALWAYS, type RouteRecord, V3 } from './route.ts'

const base = { method: 'GET', versions: V3, criticality: 'normal', cache: ALWAYS, extension: true } as const

/** Tables over all regions of a parcellation. */
export const regionTableRoutes: readonly RouteRecord[] = [
  {
    ...base,
    name: 'get_region_table',
    tool: 'region_table',
    path: '/parcellations/{parcellation_id}/region_table',
    tag: 'parcellation',
    summary: 'All regions of a parcellation in one table: tree, colours, labels, sizes and centres',
    description:
      'One row for each region in the order of the tree, each with all of its parts. With a space also where its map draws them, and what is counted in its voxels: components by 26 neighbours, the centre of the largest one, the box around the centres of the voxels. As TSV it is a `dseg.tsv` of BIDS: `index` (the label), `name` and `color` come first, what is missing is `n/a`.',
    params: RegionTableParams,
    response: { json: DataFrameModel, forms: 'table' },
    task: {
      name: 'region_table',
      queue: 'volumes',
      isHeavy: ({ space_id }) => space_id !== undefined,
    },
    python: [
      'parcellation = siibra.parcellations[parcellation_id]',
      'for region in parcellation.descendants:',
      '    print(region.name, region.id, region.rgb)',
      '    if space_id is not None:\n        print(region.spatial_props(siibra.spaces[space_id]))',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_map_overlap',
    tool: 'compare_parcellations',
    path: '/map/overlap',
    tag: 'maps',
    summary: 'How the regions of two parcellations lie over each other',
    description:
      'Pairs of regions whose own labels share voxels, in the grid of the first map; the other one is taken at the nearest voxel.',
    params: MapOverlapParams,
    response: { json: DataFrameModel, forms: 'table' },
    task: { name: 'map_overlap', queue: 'volumes', isHeavy: () => true },
  },
]
