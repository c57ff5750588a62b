import Type, { type Static } from 'typebox'
import { cutout, featureId, spaceId } from '../parameters/shared.ts'

export const TemplateCutoutParams = Type.Object({ space_id: spaceId, ...cutout })
export type TemplateCutoutParams = Static<typeof TemplateCutoutParams>

export const FeatureImageParams = Type.Object({ feature_id: featureId, ...cutout })
export type FeatureImageParams = Static<typeof FeatureImageParams>
