import { SingleSpaceParams } from '../../models/parameters/core.ts'
import { PagingParams } from '../../models/parameters/shared.ts'
import { serializeSpace } from '../../serialization/spaces.ts'
import { createGaps, loadVolumesFacts } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { type CitationFormParams, citationAnswer } from '../citation-answer.ts'
import { gapHeaders } from '../gap-header.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

export const allSpaces: DataHandler<PagingParams> = {
  name: 'all_spaces',
  queue: 'core',
  params: PagingParams,
  async run(params, context) {
    const core = await context.core()
    const gaps = createGaps()
    const json = await paginate(core.spaces.all, params, async (space) =>
      serializeSpace(space, await loadVolumesFacts(core, space, gaps), { remap: context.remapProviders }),
    )
    return { json, headers: gapHeaders(gaps) }
  },
}

export const singleSpace: DataHandler<SingleSpaceParams & CitationFormParams> = {
  name: 'single_space',
  queue: 'core',
  params: SingleSpaceParams,
  async run({ space_id, format }, context) {
    const core = await context.core()
    const space = core.spaces.lookUp(space_id)
    if (format) return citationAnswer(core, [space.object], format, matchHeaders({ space }))
    const gaps = createGaps()
    const facts = await loadVolumesFacts(core, space.object, gaps)
    const json = serializeSpace(space.object, facts, { remap: context.remapProviders })
    return { json, headers: { ...matchHeaders({ space }), ...gapHeaders(gaps) } }
  },
}
