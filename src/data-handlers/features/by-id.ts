import { FeatureByIdParams } from '../../models/parameters.ts'
import { serializeFeatureDetail } from '../../serialization/features.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { gapHeaders } from '../gap-header.ts'
import { featureOptions, findFeature } from './context.ts'

/** One feature by its id alone. */
export const featureById: DataHandler<FeatureByIdParams> = {
  name: 'feature_by_id',
  queue: 'features',
  params: FeatureByIdParams,
  async run({ feature_id, gene, subject }, context) {
    const core = await context.core()
    const feature = await findFeature(core, feature_id, { gene, signal: context.signal })
    const options = featureOptions(context)
    const json = await serializeFeatureDetail(core, feature, { ...options, subject })
    return { json, headers: gapHeaders(options.gaps) }
  },
}
