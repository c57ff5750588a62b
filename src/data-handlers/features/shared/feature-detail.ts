import { serializeFeature } from '../../../serialization/features.ts'
import type { AtlasCore, Feature, Region } from '../../../siibra/index.ts'
import { createGaps, loadFeatureFacts } from '../../../siibra/index.ts'
import type { HandlerContext } from '../../../tasks/task.ts'
import { type CitationFormParams, citationAnswer } from '../../citation-answer.ts'
import { gapHeaders } from '../../gap-header.ts'
import { parseInclude } from './include.ts'

export interface DetailQuery {
  subject?: string | undefined
  include?: string | undefined
  /** Where not the feature is asked for, but what is to be cited of it. */
  format?: CitationFormParams['format'] | undefined
  /** The region of the listing that the feature is of. */
  asked?: Region | undefined
}

/** One feature with its data and anchor. Images have no data here, and an anchor only where it is asked for. */
export async function featureDetail(core: AtlasCore, feature: Feature, query: DetailQuery, context: HandlerContext) {
  const { subject, asked, format } = query
  if (format) return citationAnswer(core, [feature], format)
  const included = parseInclude(query.include)
  const include = { data: true, anchor: feature.kind !== 'image' || included.has('anchor') }
  const facts = await loadFeatureFacts(core, feature, { include, subject, asked, signal: context.signal })
  const gaps = createGaps()
  gaps.areRetryable = !facts.isComplete
  return { json: serializeFeature(facts, { remap: context.remapProviders }), headers: gapHeaders(gaps) }
}
