import { TaskIdResp } from '../../models/downloads.ts'
import { AtlasDownloadParams, DownloadTaskParams } from '../../models/parameters/compounds.ts'
import { NEVER, type RouteRecord, V3 } from './route.ts'

const base = { method: 'GET', versions: V3, tag: 'download', criticality: 'background', cache: NEVER } as const
const bundle = { file: { mediaType: 'application/octet-stream', description: 'The bundle, a zip archive.' } }

/** Bundles of maps, templates and features. */
export const downloadRoutes: readonly RouteRecord[] = [
  {
    ...base,
    name: 'get_download_bundle',
    path: '/atlas_download',
    summary: 'Bundle a space, parcellation, region or feature into one archive',
    description:
      'All-in-one services answer with the archive. A server with workers answers with a task id, whose state and file the routes below give.',
    params: AtlasDownloadParams,
    response: { ...bundle, serverJson: TaskIdResp },
    task: { name: 'atlas_download', queue: 'compounds' },
    python: [
      'if parcellation_id is not None and space_id is not None:',
      '    parcellation_map = siibra.get_map(parcellation_id, space_id, "labelled")',
      '    parcellation_map.fetch().to_filename("map.nii.gz")',
      'if space_id is not None:',
      '    siibra.spaces[space_id].get_template().fetch().to_filename("template.nii.gz")',
      'if feature_id is not None:',
      '    siibra.features.Feature.get_instance_by_id(feature_id).export("feature.zip")',
    ].join('\n'),
  },
  {
    ...base,
    name: 'get_download_progress',
    path: '/atlas_download/{task_id}',
    summary: 'State of a bundle that is being made',
    params: DownloadTaskParams,
    response: { json: TaskIdResp },
    task: { name: 'atlas_download_state', queue: 'compounds' },
    python: 'print("siibra-python has no tasks; it fetches at once.")',
  },
  {
    ...base,
    name: 'get_download_result',
    path: '/atlas_download/{task_id}/download',
    summary: 'A finished bundle',
    params: DownloadTaskParams,
    response: bundle,
    task: { name: 'atlas_download_file', queue: 'compounds' },
    python: 'print("siibra-python has no tasks; it fetches at once.")',
  },
]
