import { MapZarrParams } from '../../../models/exports/zarr.ts'
import { NEVER, type RouteRecord, V3 } from '../route.ts'

/** Labelled maps as volumes that viewers open by their address. */
export const mapZarrRoutes: readonly RouteRecord[] = [
  {
    method: 'GET',
    versions: V3,
    criticality: 'normal',
    // made in a millisecond, and thousands of them
    cache: NEVER,
    extension: true,
    tag: 'maps',
    name: 'get_map_zarr',
    path: '/maps/{map_id}/labelled.zarr/{key}',
    summary: 'A labelled map as OME-Zarr 0.4: one of its files',
    description:
      'napari, neuroglancer, NiiVue and zarr open the address up to `labelled.zarr`: levels of half the resolution each, labels with names and colours, mm.',
    params: MapZarrParams,
    response: {
      file: {
        mediaType: 'application/octet-stream',
        others: ['application/json'],
        description: 'JSON, or a chunk (gzip).',
      },
    },
    task: { name: 'map_zarr', queue: 'volumes' },
  },
]
