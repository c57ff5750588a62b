import { coreRoutes } from './core.ts'
import { downloadRoutes } from './downloads.ts'
import { cutoutRoutes } from './exports/cutouts.ts'
import { mapZarrRoutes } from './exports/map-zarr.ts'
import { meshRoutes } from './exports/meshes.ts'
import { pictureRoutes } from './exports/pictures.ts'
import { featureRoutes } from './features/features.ts'
import { imageRoutes } from './features/images.ts'
import { featureTableRoutes } from './features/tables.ts'
import { mapRoutes } from './maps.ts'
import { pointRoutes } from './points.ts'
import { regionTableRoutes } from './region-tables.ts'
import { regionTreeRoutes } from './region-tree.ts'
import type { RouteRecord } from './route.ts'
import { taskRoutes } from './tasks.ts'

/** Every route of the API. Where two fit a path, the one with more literal text wins (`routes/match.ts`). */
export const routeTable: readonly RouteRecord[] = [
  ...coreRoutes,
  ...mapRoutes,
  ...pointRoutes,
  ...regionTreeRoutes,
  ...pictureRoutes,
  ...meshRoutes,
  ...featureTableRoutes,
  ...regionTableRoutes,
  ...cutoutRoutes,
  ...mapZarrRoutes,
  ...imageRoutes,
  ...featureRoutes,
  ...downloadRoutes,
  ...taskRoutes,
]
