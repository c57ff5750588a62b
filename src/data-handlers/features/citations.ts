import { CitationsParams, MAX_CITED } from '../../models/citations.ts'
import { type Citable, SiibraError } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { type CitationFormParams, citationAnswer } from '../citation-answer.ts'
import { findFeature } from './shared/context.ts'

/** What is to be cited of several objects at once. */
export const citations: DataHandler<CitationsParams & CitationFormParams> = {
  name: 'citations',
  queue: 'features',
  params: CitationsParams,
  async run({ parcellation_id = [], space_id = [], map_id = [], feature_id = [], format }, context) {
    const count = parcellation_id.length + space_id.length + map_id.length + feature_id.length
    if (count === 0 || count > MAX_CITED) {
      const message = `${count} ids: 1 to ${MAX_CITED} of parcellation_id, space_id, map_id, feature_id are expected`
      throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'parcellation_id', allowed: MAX_CITED })
    }
    const core = await context.core()
    const citables: Citable[] = [
      ...parcellation_id.map((id) => core.parcellations.lookUp(id).object),
      ...space_id.map((id) => core.spaces.lookUp(id).object),
      ...map_id.flatMap((id) => {
        const map = core.maps.byId(id) ?? unknown('map_id', id)
        return [map, map.parcellation]
      }),
      ...(await Promise.all(feature_id.map((id) => findFeature(core, id, { signal: context.signal })))),
    ]
    return citationAnswer(core, citables, format)
  },
}

function unknown(parameter: string, id: string): never {
  throw new SiibraError('NOT_FOUND', `There is no map '${id.slice(0, 200)}'`, { parameter })
}
