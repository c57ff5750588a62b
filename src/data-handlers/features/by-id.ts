import { FeatureByIdParams } from '../../models/parameters/features.ts'
import type { DataHandler } from '../../tasks/task.ts'
import type { CitationFormParams } from '../citation-answer.ts'
import { findFeature } from './shared/context.ts'
import { featureDetail } from './shared/feature-detail.ts'

/** One feature by its id alone. */
export const featureById: DataHandler<FeatureByIdParams & CitationFormParams> = {
  name: 'feature_by_id',
  queue: 'features',
  params: FeatureByIdParams,
  async run({ feature_id, gene, subject, include, format }, context) {
    const core = await context.core()
    const feature = await findFeature(core, feature_id, { gene, signal: context.signal })
    return featureDetail(core, feature, { subject, include, format }, context)
  },
}
