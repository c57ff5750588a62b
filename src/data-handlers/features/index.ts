import type { AnyHandler } from '../../tasks/task.ts'
import { featureById } from './by-id.ts'
import { featureDownload } from './download.ts'
import { documentationExamples } from './examples.ts'
import { allFeatures, regionFeatures, singleFeature } from './listings.ts'
import { featurePlotly } from './plotly.ts'
import { featureTypes } from './types.ts'

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
]
