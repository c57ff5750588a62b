import { AssignImageParams } from '../../../models/images.ts'
import { assignedImageTable } from '../../../serialization/images/assigned-images.ts'
import { assignImage, type MapGap, type MapType, regionsByName } from '../../../siibra/index.ts'
import type { DataHandler } from '../../../tasks/task.ts'
import { readImageBody, requireMeeting } from '../../bodies/image-body.ts'
import { mapGapHeaders } from '../../gap-header.ts'
import { provenanceOf } from '../../provenance.ts'
import { requireMapForPoints } from '../parcellation-aliases.ts'

/** The regions that the components of an image belong to. */
export const assignImageBody: DataHandler<AssignImageParams> = {
  name: 'assign_image',
  queue: 'volumes',
  params: AssignImageParams,
  async run({ parcellation_id, space_id, assignment_type, ...params }, context) {
    const core = await context.core()
    const mapType = assignment_type.toUpperCase() as MapType
    const { map, headers } = requireMapForPoints(core, { parcellation_id, space_id }, mapType)
    const image = await readImageBody(context)
    const gaps: MapGap[] = []
    const rows = await assignImage(core, map, image, {
      isSplit: params.split_components,
      connectivity: params.connectivity,
      threshold: params.threshold,
      minVoxels: params.min_voxels,
      minCorrelation: params.min_correlation,
      signal: context.signal,
      gaps,
      onGrids: (grids) => requireMeeting(image, grids, `the map '${map.name}'`),
    })
    return {
      table: async () => ({
        ...assignedImageTable(rows, regionsByName(map), map.mapType === 'LABELLED'),
        provenance: await provenanceOf(core, { map }),
      }),
      headers: { ...headers, ...mapGapHeaders(gaps) },
    }
  },
}
