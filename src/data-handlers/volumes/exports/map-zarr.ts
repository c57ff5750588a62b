import { MapZarrParams } from '../../../models/exports/zarr.ts'
import { openMapZarr, SiibraError } from '../../../siibra/index.ts'
import type { DataHandler } from '../../../tasks/task.ts'

/** One file of a labelled map as OME-Zarr. */
export const mapZarr: DataHandler<MapZarrParams> = {
  name: 'map_zarr',
  queue: 'volumes',
  params: MapZarrParams,
  async run({ map_id, key }, context) {
    const core = await context.core()
    const map = core.maps.byId(map_id)
    if (!map) throw new SiibraError('NOT_FOUND', `There is no map '${map_id}'`, { parameter: 'map_id' })
    const bytes = (await openMapZarr(core, map, context.signal)).file(key)
    // To clients of Zarr a file that is not there is a chunk or a member that the array has not.
    if (!bytes)
      throw new SiibraError('NOT_FOUND', `The Zarr of '${map.name}' has no file '${key}'`, { parameter: 'key' })
    const isDocument = /(^|\/)\.z[a-z]+$/.test(key)
    return {
      bytes,
      contentType: isDocument ? 'application/json' : 'application/octet-stream',
      headers: { 'cache-control': 'public, max-age=3600' },
    }
  },
}
