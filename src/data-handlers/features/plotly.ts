import { FeaturePlotlyParams } from '../../models/parameters/features.ts'
import { plotFeature } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { findFeature } from './shared/context.ts'

/** A figure of one feature, for plotly.js. */
export const featurePlotly: DataHandler<FeaturePlotlyParams> = {
  name: 'feature_plotly',
  queue: 'features',
  params: FeaturePlotlyParams,
  async run({ feature_id, template, gene, subject, regions }, context) {
    const core = await context.core()
    const { signal } = context
    const feature = await findFeature(core, feature_id, { gene, signal })
    return { json: await plotFeature(core, feature, { template, subject, regions, signal }) }
  },
}
