/** Parameters and bodies of routes that take images, or make some of what is sent. */
import Type, { type Static } from 'typebox'
import { REDUCTIONS } from '../siibra/index.ts'
import { id, parcellationId, spaceId } from './parameters/shared.ts'

/** More values of regions than that are refused. */
export const MAX_REGION_VALUES = 20_000

/** Members are looked at by `data-handlers/bodies/values-body.ts`. */
export const ValuesBody = Type.Object({
  values: Type.Record(Type.String(), Type.Number(), {
    description: `By name or id of a region; up to ${MAX_REGION_VALUES}. Parts of a region have its value unless they have one themselves.`,
  }),
})
export const VALUES_CSV = `A header, then a region a line: columns \`region\` (name or id) and \`value\`. Up to ${MAX_REGION_VALUES} lines.`

export const ColorizedMapParams = Type.Object({ parcellation_id: parcellationId, space_id: spaceId })
export type ColorizedMapParams = Static<typeof ColorizedMapParams>

export const DensityParams = Type.Object({
  space_id: spaceId,
  sigma_mm: Type.Number({
    description:
      'Standard deviation of the Gaussian, in mm; 0 gives the number of points in each voxel. `sigma_mm` of the body wins.',
    minimum: 0,
    maximum: 200,
    default: 5,
  }),
  resolution_mm: Type.Optional(
    Type.Number({
      description: 'Size of the voxels of the image. Left out: the voxels of the template of the space.',
      minimum: 0.01,
      maximum: 100,
    }),
  ),
})
export type DensityParams = Static<typeof DensityParams>

const mapChoice = (standard: 'statistical' | 'labelled') =>
  Type.Enum(['statistical', 'labelled'], { description: 'Which map the image is looked up in.', default: standard })

export const AssignImageParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  assignment_type: mapChoice('statistical'),
  split_components: Type.Boolean({
    description: 'Whether each connected component of the image is looked up by itself.',
    default: true,
  }),
  connectivity: Type.Enum(['full', 'faces'], {
    description: 'Which voxels are connected: those that share a face, an edge or a corner, or faces alone.',
    default: 'full',
  }),
  threshold: Type.Number({ description: 'Voxels above it belong to components.', minimum: 0, default: 0 }),
  min_voxels: Type.Integer({
    description: "Components with fewer voxels (of the map's grid) are left out.",
    minimum: 1,
    default: 1,
  }),
  min_correlation: Type.Optional(Type.Number({ description: 'Rows with less are left out.', minimum: -1, maximum: 1 })),
})
export type AssignImageParams = Static<typeof AssignImageParams>

export const ClustersParams = Type.Object({
  stat_threshold: Type.Number({
    description: 'Voxels above it belong to clusters; below it, where it is negative and only one side is wanted.',
  }),
  cluster_extent: Type.Integer({ description: 'Smaller clusters (in voxels) are left out.', minimum: 0, default: 0 }),
  min_distance_mm: Type.Number({
    description: 'Peaks of a cluster that are not farther from a higher one are left out.',
    minimum: 0,
    default: 8,
  }),
  two_sided: Type.Boolean({ description: 'Also what is below the negated threshold.', default: false }),
  parcellation_ids: Type.Optional(
    Type.Array(id('Id, key or name of a parcellation.'), {
      description:
        'Parcellations whose labelled maps tell the regions of peaks and clusters, by repeating the parameter.',
      maxItems: 20,
    }),
  ),
  space_id: Type.Optional(
    id(
      'Id, key or name of the space that the image is in; needed where the parcellations have labelled maps in several.',
    ),
  ),
})
export type ClustersParams = Static<typeof ClustersParams>

export const ValuesParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  assignment_type: mapChoice('labelled'),
  strategy: Type.Enum([...REDUCTIONS], {
    description:
      "How the voxels of a region become a number: the names of nilearn's NiftiLabelsMasker. Statistical maps have a fit by least squares instead (NiftiMapsMasker).",
    default: 'mean',
  }),
  resampling_target: Type.Enum(['data', 'labels'], {
    description:
      'What goes to the grid of the other: `data`, the map to that of the image (labels by nearest neighbour); `labels`, the image to that of the map (third-order spline).',
    default: 'data',
  }),
})
export type ValuesParams = Static<typeof ValuesParams>

/** Media types of images, and what is said of them. */
export const IMAGE_MEDIA_TYPES = [
  'application/octet-stream',
  'application/gzip',
  'application/x-gzip',
  'application/x-nifti',
  'application/nifti',
  'application/vnd.nifti',
  'image/nifti',
  'image/x-nifti',
] as const
export const IMAGE_BODY = 'A NIfTI file, `.nii` or `.nii.gz`, with any affine.'
export const IMAGE_FORM = 'A form with a file: a NIfTI file, `.nii` or `.nii.gz`.'
