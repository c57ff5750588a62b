import type { DataHandler } from '../../dispatch/task.ts'
import { PagingParams, SingleParcellationParams } from '../../models/parameters.ts'
import { serializeParcellation } from '../../serialization/parcellations.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

export const allParcellations: DataHandler<PagingParams> = {
  name: 'all_parcellations',
  queue: 'core',
  params: PagingParams,
  async run(params, context) {
    const core = await context.core()
    return { json: await paginate(core.parcellations.all, params, (one) => serializeParcellation(core, one)) }
  },
}

export const singleParcellation: DataHandler<SingleParcellationParams> = {
  name: 'single_parcellation',
  queue: 'core',
  params: SingleParcellationParams,
  async run({ parcellation_id }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    return { json: await serializeParcellation(core, parcellation.object), headers: matchHeaders(parcellation) }
  },
}
