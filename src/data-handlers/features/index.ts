import type { AnyHandler } from '../../tasks/task.ts'
import { featureById } from './by-id.ts'
import { citations } from './citations.ts'
import { featureDownload } from './download.ts'
import { documentationExamples } from './examples.ts'
import { allFeatures, regionFeatures, singleFeature } from './listings.ts'
import { featureMatrix } from './matrix.ts'
import { regionOverview } from './overview.ts'
import { featurePlotly } from './plotly.ts'
import { searchAllFeatures } from './search.ts'
import { featureTypes } from './types.ts'
import { receptorVocabulary, recordingVocabulary } from './vocabularies.ts'

/** The handlers of the queue `features`. */
export const featureHandlers: readonly AnyHandler[] = [
  featureTypes,
  allFeatures,
  singleFeature,
  regionFeatures,
  featureById,
  featurePlotly,
  featureDownload,
  documentationExamples,
  searchAllFeatures,
  featureMatrix,
  regionOverview,
  receptorVocabulary,
  recordingVocabulary,
  citations,
]
