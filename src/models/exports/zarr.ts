import Type, { type Static } from 'typebox'
import { mapId } from '../parameters/shared.ts'

export const MapZarrParams = Type.Object({
  map_id: mapId,
  key: Type.String({
    description: 'A file of the Zarr: `.zattrs`, `0/.zarray`, `0/0/1/2` (level, then chunk along z, y, x) ...',
    maxLength: 64,
    examples: ['.zattrs'],
  }),
})
export type MapZarrParams = Static<typeof MapZarrParams>
