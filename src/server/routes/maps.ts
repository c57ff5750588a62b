import { DataFrameModel } from '../../models/features.ts'
import {
  AssignParams,
  LabelledMapParams,
  ResampledTemplateParams,
  StatisticalMapParams,
} from '../../models/parameters/volumes.ts'
import { StatisticModelInfo } from '../../models/volumes.ts'
import { niftiFile } from './answers.ts'
import { ALWAYS, type RouteRecord, V3 } from './route.ts'

const base = { method: 'GET', versions: V3, tag: 'maps', criticality: 'normal', cache: ALWAYS } as const

/** Volumes of maps, and points in them. */
export const mapRoutes: readonly RouteRecord[] = [
  {
    ...base,
    name: 'get_resampled_map',
    path: '/map/resampled_template',
    summary: 'The template of a space on the grid of the labelled map of a parcellation (.nii.gz)',
    description: 'For overlays: template and labels voxel by voxel.',
    params: ResampledTemplateParams,
    response: niftiFile('The resampled template.'),
    task: { name: 'resampled_template', queue: 'volumes', isHeavy: () => true },
    python: [
      'parcellation_map = siibra.get_map(parcellation_id, space_id, "labelled")',
      'image = parcellation_map.get_resampled_template()',
      'image.to_filename("template.nii.gz")',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_parcellation_labelled_map',
    tool: 'labelled_map_file',
    path: '/map/labelled_map.nii.gz',
    summary: 'The labelled map of a parcellation, or the mask of one region',
    description:
      'Without `region_id` the whole labelled map, with it a mask of that region: any node of the region tree.',
    params: LabelledMapParams,
    response: niftiFile('Labels, or a mask of 0 and 1.'),
    task: { name: 'labelled_map', queue: 'volumes', isHeavy: ({ region_id }) => !region_id },
    python: [
      'if region_id is None:',
      '    image = siibra.get_map(parcellation_id, space_id, "labelled").fetch()',
      'else:',
      '    image = siibra.get_region(parcellation_id, region_id).fetch_regional_map(space_id, "labelled")',
      'image.to_filename("labelled_map.nii.gz")',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_region_statistical_map',
    tool: 'probability_map_file',
    path: '/map/statistical_map.nii.gz',
    summary: 'The statistical (probability) map of one region',
    description: 'The region has to be a leaf of the region tree that the statistical map holds.',
    params: StatisticalMapParams,
    response: niftiFile('Probabilities.'),
    task: { name: 'statistical_map', queue: 'volumes' },
    python: [
      'region = siibra.get_region(parcellation_id, region_id)',
      'image = siibra.get_map(parcellation_id, space_id, "statistical").fetch(region=region)',
      'image.to_filename("statistical_map.nii.gz")',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_region_statistical_map_metadata',
    path: '/map/statistical_map.info.json',
    summary: 'Smallest and largest value of the statistical map of one region',
    description: 'The range of a colour bar, without fetching the volume.',
    params: StatisticalMapParams,
    response: { json: StatisticModelInfo },
    task: { name: 'statistical_map_info', queue: 'volumes' },
    python: [
      'region = siibra.get_region(parcellation_id, region_id)',
      'values = siibra.get_map(parcellation_id, space_id, "statistical").fetch(region=region).get_fdata()',
      'print(values.min(), values.max())',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_assign_point',
    tool: 'assign_point',
    path: '/map/assign',
    summary: 'The regions that a point belongs to, with scores',
    description:
      'Of a statistical map every region that has a probability at the point (`map_value`), of a labelled one the region in whose voxel it lies. With `sigma_mm` the point is a cloud that is compared with each region; [what the scores say](/guide/concepts#where-does-this-point-lie).',
    params: AssignParams,
    response: { json: DataFrameModel, forms: 'table' },
    task: { name: 'assign_point', queue: 'volumes' },
    python: [
      'parcellation_map = siibra.get_map(parcellation_id, space_id, assignment_type or "statistical")',
      'location = siibra.Point(point, space=space_id, sigma_mm=float(sigma_mm or 0))',
      'print(parcellation_map.assign(location))',
    ].join('\n'),
  },
]
