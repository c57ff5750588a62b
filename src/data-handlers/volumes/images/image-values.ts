import { ValuesParams } from '../../../models/images.ts'
import { createImageValues, createSlices, type MapType } from '../../../siibra/index.ts'
import type { DataHandler } from '../../../tasks/task.ts'
import {
  type Content,
  describeValues,
  openImageBody,
  requireMeeting,
  requireSomething,
} from '../../bodies/image-body.ts'
import { mapGapHeaders } from '../../gap-header.ts'
import { provenanceOf } from '../../provenance.ts'
import { requireMap } from '../find-map.ts'

/** A volume as it is, resampled, and on the way. */
const COPIES = 3

/** Values of an image by region: its volumes pass by one after the other. */
export const valuesOfImage: DataHandler<ValuesParams> = {
  name: 'image_values',
  queue: 'volumes',
  params: ValuesParams,
  async run({ assignment_type, strategy, resampling_target, ...query }, context) {
    const core = await context.core()
    const { signal } = context
    const { map, headers } = requireMap(core, query, assignment_type.toUpperCase() as MapType)
    const sent = await openImageBody(context)
    const free = await core.volumes.takeMemory(sent.volumeBytes * COPIES, signal).catch((thrown: unknown) => {
      sent.close()
      throw thrown
    })
    try {
      const values = await createImageValues(core, map, {
        grid: sent.grid,
        reduction: strategy,
        target: resampling_target,
        slices: createSlices(signal),
        signal,
      })
      requireMeeting(sent.grid, values.grids, `the map '${map.name}'`)
      const rows: Float64Array[] = []
      const contents: Content[] = []
      for (let number = 0; number < sent.volumes; number++) {
        const volume = await sent.read()
        contents.push(describeValues(volume))
        rows.push(await values.valuesOf(volume))
        if (sent.volumes > 1) context.progress((number + 1) / sent.volumes, `volume ${number + 1} of ${sent.volumes}`)
      }
      await sent.finish()
      requireSomething(contents)
      return {
        table: async () => ({
          name: 'values_by_region',
          rows: rows.length,
          columns: values.regions.map((name, at) => ({
            name,
            type: 'number' as const,
            values: Float64Array.from(rows, (row) => row[at] as number),
          })),
          provenance: await provenanceOf(core, { map }),
        }),
        headers: { ...headers, ...mapGapHeaders(values.gaps) },
      }
    } finally {
      free()
      sent.close()
    }
  },
}
