import { SingleAtlasParams } from '../../models/parameters/core.ts'
import { PagingParams } from '../../models/parameters/shared.ts'
import { serializeAtlas } from '../../serialization/atlases.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

export const allAtlases: DataHandler<PagingParams> = {
  name: 'all_atlases',
  queue: 'core',
  params: PagingParams,
  async run(params, context) {
    const core = await context.core()
    return { json: await paginate(core.atlases.all, params, (atlas) => serializeAtlas(core, atlas)) }
  },
}

export const singleAtlas: DataHandler<SingleAtlasParams> = {
  name: 'single_atlas',
  queue: 'core',
  params: SingleAtlasParams,
  async run({ atlas_id }, context) {
    const core = await context.core()
    const atlas = core.atlases.lookUp(atlas_id)
    return { json: serializeAtlas(core, atlas.object), headers: matchHeaders({ atlas }) }
  },
}
