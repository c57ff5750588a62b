import Type, { type Static } from 'typebox'
import { extent, fragment, id, parcellationId, regionId, spaceId } from '../parameters/shared.ts'

const variant = Type.Optional(
  id('Of spaces of surfaces: part of the name of one, e.g. `pial`; the first where it is left out.', 'pial'),
)

const shape = {
  fragment,
  variant,
  smooth: Type.Integer({
    description: 'Rounds of smoothing (Taubin, which keeps the volume); 10 take the steps of voxels away.',
    minimum: 0,
    maximum: 100,
    default: 0,
  }),
  decimate: Type.Number({
    description: 'How many of the triangles are left: above 0, up to 1 (all of them).',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 1,
  }),
}

export const RegionMeshParams = Type.Object({
  parcellation_id: parcellationId,
  space_id: spaceId,
  region_id: Type.Optional(regionId),
  extent,
  ...shape,
})
export const TemplateMeshParams = Type.Object({ space_id: spaceId, ...shape })

const form = Type.Enum(['gii', 'glb', 'obj'])

/** What the handlers receive. */
export const RegionMeshTask = Type.Object({ ...RegionMeshParams.properties, form })
export type RegionMeshTask = Static<typeof RegionMeshTask>
export const TemplateMeshTask = Type.Object({ ...TemplateMeshParams.properties, form })
export type TemplateMeshTask = Static<typeof TemplateMeshTask>

export const SurfaceLabelParams = Type.Object({ parcellation_id: parcellationId, space_id: spaceId, fragment })
export type SurfaceLabelParams = Static<typeof SurfaceLabelParams>
