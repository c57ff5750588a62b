import { ColorizedMapParams } from '../../../models/images.ts'
import { fetchColorizedMap, inheritValues } from '../../../siibra/index.ts'
import { bodyOf } from '../../../tasks/answer/body.ts'
import type { DataHandler } from '../../../tasks/task.ts'
import { parseRegionValues } from '../../bodies/values-body.ts'
import { requireMap } from '../find-map.ts'
import { niftiAnswer } from '../nifti-answer.ts'

/** A labelled map with values of regions instead of labels. */
export const colorizedMap: DataHandler<ColorizedMapParams> = {
  name: 'colorized_map',
  queue: 'volumes',
  params: ColorizedMapParams,
  async run(params, context) {
    const core = await context.core()
    const { map, headers } = requireMap(core, params, 'LABELLED')
    const given = parseRegionValues(await bodyOf(context), map.parcellation)
    const values = inheritValues(map.parcellation, (region) => given.get(region))
    const image = await fetchColorizedMap(core, map, values, context.signal)
    return niftiAnswer(image, 'colorized.nii.gz', headers, context.signal)
  },
}
