import { LabelledMapParams, ResampledTemplateParams } from '../../models/parameters/volumes.ts'
import {
  fetchLabelledCutout,
  fetchLabelledMapFile,
  fetchMaskCutout,
  fetchRegionMask,
  fetchResampledTemplateFile,
  maskImageInSlices,
} from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'
import { matchHeaders } from '../match-header.ts'
import { cutoutOptions, isCutout } from './exports/cutout.ts'
import { requireMap } from './find-map.ts'
import { fileAnswer, niftiAnswer } from './nifti-answer.ts'

/** The labelled map of a parcellation, or the mask of one of its regions. */
export const labelledMap: DataHandler<LabelledMapParams> = {
  name: 'labelled_map',
  queue: 'volumes',
  params: LabelledMapParams,
  async run({ region_id, extent, ...query }, context) {
    const core = await context.core()
    if (!region_id) {
      const { map, headers } = requireMap(core, query, 'LABELLED')
      if (isCutout(query)) {
        const image = await fetchLabelledCutout(core, map, cutoutOptions(query, map.space, context.signal))
        return niftiAnswer(image, 'labelled_map.nii.gz', headers, context.signal)
      }
      return fileAnswer(await fetchLabelledMapFile(core, map, context), 'labelled_map.nii.gz', headers)
    }
    const parcellation = core.parcellations.lookUp(query.parcellation_id)
    const space = core.spaces.lookUp(query.space_id)
    const region = lookUpRequestedRegion(parcellation.object, region_id)
    const headers = matchHeaders({ parcellation, region, space })
    if (isCutout(query)) {
      const options = { ...cutoutOptions(query, space.object, context.signal), extent }
      const image = await fetchMaskCutout(core, region.object, space.object, options)
      return niftiAnswer(image, 'labelled_map.nii.gz', headers, context.signal)
    }
    const mask = await fetchRegionMask(core, region.object, space.object, { extent, signal: context.signal })
    const image = await maskImageInSlices(mask, context.signal)
    return niftiAnswer(image, 'labelled_map.nii.gz', headers, context.signal)
  },
}

/** The template of a space in the voxels of the labelled map of a parcellation; `name` chooses a fragment of the map. */
export const resampledTemplate: DataHandler<ResampledTemplateParams> = {
  name: 'resampled_template',
  queue: 'volumes',
  params: ResampledTemplateParams,
  async run({ name, ...query }, context) {
    const core = await context.core()
    const { map, headers } = requireMap(core, query, 'LABELLED')
    const hasFragments = [...map.indices.values()].flat().some(({ fragment }) => fragment !== null)
    const fragment = name && hasFragments ? name : null
    const file = await fetchResampledTemplateFile(core, map, { fragment, signal: context.signal })
    // Sic: the original gives it this name.
    return fileAnswer(file, 'labelled_map.nii.gz', headers)
  },
}
