import { DataFrameModel } from '../../../models/features.ts'
import {
  AssignImageParams,
  ClustersParams,
  ColorizedMapParams,
  DensityParams,
  IMAGE_BODY,
  IMAGE_FORM,
  IMAGE_MEDIA_TYPES,
  VALUES_CSV,
  ValuesBody,
  ValuesParams,
} from '../../../models/images.ts'
import { POINTS_CSV, PointsBody } from '../../../models/points.ts'
import { niftiFile } from '../answers.ts'
import { type BodySpec, NEVER, type RouteRecord, V3 } from '../route.ts'

const MAX_TEXT_BYTES = 128 * 1024 ** 2
const base = {
  method: 'POST',
  versions: V3,
  tag: 'maps',
  criticality: 'normal',
  cache: NEVER,
  extension: true,
} as const

const imageBody = (maxBytes: number): BodySpec => ({
  accepts: {
    ...Object.fromEntries(IMAGE_MEDIA_TYPES.map((type) => [type, { description: IMAGE_BODY }])),
    'multipart/form-data': { description: IMAGE_FORM },
  },
  maxBytes,
})
const MAX_IMAGE_BYTES = 64 * 1024 ** 2
const MAX_SERIES_BYTES = 1024 ** 3

/** Images that are sent, and images of what is sent. */
export const imageRoutes: readonly RouteRecord[] = [
  {
    ...base,
    name: 'post_assign_image',
    path: '/map/assign_image',
    summary: 'The regions that the components of an image belong to, with scores',
    description:
      "The image is resampled to the grid of the map (nearest where it holds just 0 and 1, else linear) and split into connected components; each is compared with each region as siibra's `compare_maps` does, with the values of the image. In labelled maps the columns of map and input change places, as in GET `/map/assign`.",
    params: AssignImageParams,
    body: imageBody(MAX_IMAGE_BYTES),
    response: { json: DataFrameModel, forms: 'table' },
    task: { name: 'assign_image', queue: 'volumes', isHeavy: () => true },
  },
  {
    ...base,
    name: 'post_clusters',
    path: '/map/clusters',
    summary: 'The clusters of a statistical image and their peaks, with their regions',
    description:
      "As nilearn's `get_clusters_table` on the grid of the image; for each parcellation the region of the peak, and of each cluster the share of its voxels in each region.",
    params: ClustersParams,
    body: imageBody(MAX_IMAGE_BYTES),
    response: { json: DataFrameModel, forms: 'table' },
    task: { name: 'clusters', queue: 'volumes', isHeavy: () => true },
  },
  {
    ...base,
    name: 'post_values',
    path: '/map/values',
    summary: 'Values of an image by region: a row for each of its volumes',
    description:
      "As nilearn's NiftiLabelsMasker gives them (statistical maps: NiftiMapsMasker). Up to 2,000 volumes, which pass by one after the other.",
    params: ValuesParams,
    body: imageBody(MAX_SERIES_BYTES),
    response: { json: DataFrameModel, forms: 'table' },
    task: { name: 'image_values', queue: 'volumes', isHeavy: () => true },
  },
  {
    ...base,
    name: 'post_colorized_map',
    path: '/map/colorized.nii.gz',
    summary: 'A labelled map with values of regions instead of labels',
    description: 'float32, in the voxels of the labelled map; 0 where a region has no value.',
    params: ColorizedMapParams,
    body: {
      accepts: { 'application/json': { schema: ValuesBody }, 'text/csv': { description: VALUES_CSV } },
      maxBytes: MAX_TEXT_BYTES,
      example: { values: { 'Area hOc1 (V1, 17, CalcS) left': 0.5 } },
    },
    response: niftiFile('Values.'),
    task: { name: 'colorized_map', queue: 'volumes', isHeavy: () => true },
  },
  {
    ...base,
    name: 'post_point_density',
    path: '/map/density.nii.gz',
    summary: 'How densely points lie in a space, as an image',
    description:
      'Each point counts 1 at its nearest voxel; smoothed by a Gaussian that ends after four standard deviations, mirrored at the faces (scipy.ndimage.gaussian_filter). Values are points per voxel.',
    params: DensityParams,
    body: {
      accepts: { 'application/json': { schema: PointsBody }, 'text/csv': { description: POINTS_CSV } },
      maxBytes: MAX_TEXT_BYTES,
      example: { points: [[-20, 10, 10]] },
    },
    response: niftiFile('Density.'),
    task: { name: 'point_density', queue: 'volumes', isHeavy: () => true },
  },
]
