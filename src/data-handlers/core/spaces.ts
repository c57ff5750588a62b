import { PagingParams, SingleSpaceParams } from '../../models/parameters.ts'
import { createGaps } from '../../serialization/gaps.ts'
import { serializeSpace } from '../../serialization/spaces.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { gapHeaders } from '../gap-header.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

export const allSpaces: DataHandler<PagingParams> = {
  name: 'all_spaces',
  queue: 'core',
  params: PagingParams,
  async run(params, context) {
    const core = await context.core()
    const options = { remap: context.remapProviders, gaps: createGaps() }
    const json = await paginate(core.spaces.all, params, (space) => serializeSpace(core, space, options))
    return { json, headers: gapHeaders(options.gaps) }
  },
}

export const singleSpace: DataHandler<SingleSpaceParams> = {
  name: 'single_space',
  queue: 'core',
  params: SingleSpaceParams,
  async run({ space_id }, context) {
    const core = await context.core()
    const space = core.spaces.lookUp(space_id)
    const options = { remap: context.remapProviders, gaps: createGaps() }
    const json = await serializeSpace(core, space.object, options)
    return { json, headers: { ...matchHeaders({ space }), ...gapHeaders(options.gaps) } }
  },
}
