import type { DataHandler } from '../../dispatch/task.ts'
import { PagingParams, SingleSpaceParams } from '../../models/parameters.ts'
import { serializeSpace } from '../../serialization/spaces.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

export const allSpaces: DataHandler<PagingParams> = {
  name: 'all_spaces',
  queue: 'core',
  params: PagingParams,
  async run(params, context) {
    const core = await context.core()
    return {
      json: await paginate(core.spaces.all, params, (space) => serializeSpace(core, space, context.remapProviders)),
    }
  },
}

export const singleSpace: DataHandler<SingleSpaceParams> = {
  name: 'single_space',
  queue: 'core',
  params: SingleSpaceParams,
  async run({ space_id }, context) {
    const core = await context.core()
    const space = core.spaces.lookUp(space_id)
    return { json: await serializeSpace(core, space.object, context.remapProviders), headers: matchHeaders(space) }
  },
}
