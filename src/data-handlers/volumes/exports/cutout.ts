import { FeatureImageParams, TemplateCutoutParams } from '../../../models/exports/cutouts.ts'
import {
  fetchVolumeCutout,
  parseBox,
  SiibraError,
  type Space,
  type VolumeCutoutOptions,
} from '../../../siibra/index.ts'
import type { DataHandler } from '../../../tasks/task.ts'
import { findFeature } from '../../features/shared/context.ts'
import { matchHeaders } from '../../match-header.ts'
import { labelledNiftiAnswer } from '../labelled-nifti.ts'

/** What cuts a part out of an image. */
export interface CutoutQuery {
  bbox?: string
  resolution_mm?: number
  max_voxels?: number
  fragment?: string
}

/** Whether anything but the whole image is asked for. */
export const isCutout = ({ bbox, resolution_mm, max_voxels, fragment }: CutoutQuery): boolean =>
  [bbox, resolution_mm, max_voxels, fragment].some((value) => value !== undefined)

export function cutoutOptions(query: CutoutQuery, space: Space, signal: AbortSignal): VolumeCutoutOptions {
  return {
    boxMm: query.bbox === undefined ? undefined : toBox(parseBox(query.bbox, space)),
    resolutionMm: query.resolution_mm,
    maxVoxels: query.max_voxels,
    fragment: query.fragment,
    signal,
  }
}

type Corner = [number, number, number]
const toBox = ({ minMm, maxMm }: { minMm: readonly number[]; maxMm: readonly number[] }) => ({
  minMm: [...minMm] as Corner,
  maxMm: [...maxMm] as Corner,
})

/** A part of the template of a space. */
export const templateCutout: DataHandler<TemplateCutoutParams> = {
  name: 'template_cutout',
  queue: 'volumes',
  params: TemplateCutoutParams,
  async run({ space_id, ...query }, context) {
    const core = await context.core()
    const space = core.spaces.lookUp(space_id)
    const { name, id, volumes } = space.object
    const [template] = volumes
    if (!template) throw new SiibraError('NOT_AVAILABLE', `The space '${name}' has no template`, { space: id })
    const options = cutoutOptions(query, space.object, context.signal)
    const image = await fetchVolumeCutout(core, template, options)
    return labelledNiftiAnswer(core, image, {
      origin: { space: space.object },
      description: `Template of ${name}`,
      fileName: 'template.nii.gz',
      headers: matchHeaders({ space }),
      signal: context.signal,
    })
  },
}

/** A part of an image feature. */
export const featureImage: DataHandler<FeatureImageParams> = {
  name: 'feature_image',
  queue: 'volumes',
  params: FeatureImageParams,
  async run({ feature_id, ...query }, context) {
    const core = await context.core()
    const feature = await findFeature(core, feature_id, { signal: context.signal })
    if (feature.kind !== 'image')
      throw new SiibraError('NOT_AVAILABLE', `'${feature.name}' is no image`, { feature: feature_id })
    const options = cutoutOptions(query, feature.space, context.signal)
    const image = await fetchVolumeCutout(core, feature.volume, options)
    return labelledNiftiAnswer(core, image, {
      origin: { space: feature.space },
      description: feature.name,
      fileName: 'image.nii.gz',
      more: { feature: feature_id },
      signal: context.signal,
    })
  },
}
