/** Parameters that this service has added to routes of the original's contract. */
import type { RouteRecord } from './route.ts'

/** Names that are additions wherever a route of the contract has them. */
const ADDED: ReadonlySet<string> = new Set([
  ...['fields', 'format', 'provenance', 'include'],
  ...['atlas_id', 'species', 'within', 'leaf', 'label'],
  ...['extent', 'fragment', 'resolution_mm', 'max_voxels'],
  ...['regions', 'pathology', 'pharmacology', 'signal_quality'],
])

/** Names that some routes of the contract have, by the routes to which they were added. */
const ADDED_TO: Readonly<Record<string, readonly string[]>> = {
  bbox: ['get_parcellation_labelled_map', 'get_region_statistical_map', 'get_region_statistical_map_metadata'],
  find: [
    ...['get_all_features_region', 'get_all_connectivity_features', 'get_all_corticalprofile_features'],
    ...['get_all_tabular', 'get_all_voi', 'get_all_gene', 'get_all_ebrains_df'],
  ],
  gene: ['get_single_feature', 'get_single_feature_plot', 'get_single_feature_download'],
  subject: ['get_single_tabular', 'get_single_feature', 'get_single_feature_plot', 'get_single_feature_download'],
  type: ['get_all_features_region'],
}

/** Whether a parameter is an addition to a route of the contract. Those of routes that are extensions as a whole are not told one by one. */
export function isAdded({ name, extension }: Pick<RouteRecord, 'name' | 'extension'>, parameter: string): boolean {
  return !extension && (ADDED.has(parameter) || ADDED_TO[parameter]?.includes(name) === true)
}
