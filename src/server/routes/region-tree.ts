import { pageOf } from '../../models/common.ts'
import { ParcellationEntityVersionModel } from '../../models/core.ts'
import {
  RegionLinks,
  RegionLinksParams,
  RegionRelativesParams,
  StructureAt,
  StructureAtParams,
} from '../../models/region-tree.ts'
import { ALWAYS, type RouteRecord, V3 } from './route.ts'

const base = { method: 'GET', versions: V3, cache: ALWAYS, extension: true } as const
const relatives = {
  ...base,
  tag: 'region',
  criticality: 'critical',
  params: RegionRelativesParams,
  response: { json: pageOf(ParcellationEntityVersionModel, 'ParcellationEntityVersionModel') },
} as const

const python = (member: string) =>
  `region = siibra.get_region(parcellation_id, region_id)\nfor one in region.${member}:\n    print(one.name)`

/** Where regions stand: in the tree, and in a space. */
export const regionTreeRoutes: readonly RouteRecord[] = [
  {
    ...relatives,
    name: 'get_region_ancestors',
    path: '/regions/{region_id}/ancestors',
    summary: 'What a region is a part of, the outermost first',
    task: { name: 'region_ancestors', queue: 'core' },
    python: python('ancestors'),
  },
  {
    ...relatives,
    name: 'get_region_descendants',
    path: '/regions/{region_id}/descendants',
    summary: 'All parts of a region, each before its own parts',
    task: { name: 'region_descendants', queue: 'core' },
    python: python('descendants'),
  },
  {
    ...relatives,
    name: 'get_region_siblings',
    path: '/regions/{region_id}/siblings',
    summary: 'The other parts of what a region is a part of',
    task: { name: 'region_siblings', queue: 'core' },
    python: python('siblings'),
  },
  {
    ...base,
    name: 'get_region_links',
    path: '/regions/{region_id}/links',
    tag: 'region',
    summary: 'Addresses at which siibra-explorer and neuroglancer show a region',
    params: RegionLinksParams,
    response: { json: RegionLinks },
    task: { name: 'region_links', queue: 'core' },
    criticality: 'normal',
    python: [
      'from siibra.explorer import encode_url',
      'region = siibra.get_region(parcellation_id, region_id)',
      'parcellation = region.parcellation',
      'atlas = next(atlas for atlas in siibra.atlases if parcellation in list(atlas.parcellations))',
      'print(encode_url(atlas, siibra.spaces[space_id], parcellation, region))',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_structure_at',
    tool: 'structure_at',
    path: '/spaces/{space_id}/structure_at',
    tag: 'space',
    summary: 'The region at a point: its name, its acronym, and on which side it lies',
    description:
      'By the labelled map of the parcellation; where there is none the most probable region of the statistical map. All null where no region is (the side is told where the space has one).',
    params: StructureAtParams,
    response: { json: StructureAt },
    task: { name: 'structure_at', queue: 'volumes' },
    criticality: 'normal',
    python: [
      'parcellation_map = siibra.get_map(parcellation_id, space_id, "labelled")',
      'location = siibra.Point(point, space=space_id)',
      'for region in parcellation_map.assign(location)["region"]:\n    print(region.name)',
    ].join('\n'),
  },
]
