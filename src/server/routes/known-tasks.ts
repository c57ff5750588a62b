import type { QueueName } from '../../tasks/task.ts'
import type { RouteRecord } from './route.ts'

/**
 * Names of the tasks that have a handler. Role server loads no handlers, so it knows them by this list; a test holds the
 * list against the handlers.
 */
export const KNOWN_TASKS: Readonly<Record<QueueName, readonly string[]>> = {
  core: [
    'all_atlases',
    'single_atlas',
    'all_spaces',
    'single_space',
    'all_parcellations',
    'single_parcellation',
    'all_regions',
    'single_region',
    'related_regions',
    'region_ancestors',
    'region_descendants',
    'region_siblings',
    'region_links',
    'filtered_maps',
    'single_map',
    'get_map',
    'get_genes',
  ],
  features: [
    'feature_types',
    'all_features',
    'single_feature',
    'region_features',
    'feature_by_id',
    'feature_plotly',
    'feature_download',
    'documentation_examples',
    'search_features',
    'feature_matrix',
    'region_overview',
    'receptor_vocabulary',
    'recording_vocabulary',
    'citations',
  ],
  volumes: [
    'labelled_map',
    'resampled_template',
    'statistical_map',
    'statistical_map_info',
    'assign_point',
    'assign_points',
    'warp_points',
    'warp_many_points',
    'transform_points',
    'structure_at',
    'draw_picture',
    'region_mesh',
    'template_mesh',
    'labelled_surface',
    'region_table',
    'map_overlap',
    'template_cutout',
    'feature_image',
    'map_zarr',
    'colorized_map',
    'assign_image',
    'clusters',
    'image_values',
    'point_density',
  ],
  compounds: ['atlas_download'],
}

/** Routes that look at tasks instead of running one (server/downloads.ts, server/later.ts). */
const WITHOUT_TASK = ['get_download_progress', 'get_download_result', 'get_task', 'get_task_result', 'delete_task']

/** Throws where a route asks for a task that has no handler: better at the start than with the first request. */
export function requireKnownTasks(routes: readonly RouteRecord[]): void {
  const unknown = routes
    .filter(({ name, task }) => !WITHOUT_TASK.includes(name) && !KNOWN_TASKS[task.queue].includes(task.name))
    .map(({ name, task }) => `${name} -> ${task.queue}/${task.name}`)
  if (unknown.length > 0) throw new Error(`There is no data handler for ${unknown.join(', ')}`)
}
