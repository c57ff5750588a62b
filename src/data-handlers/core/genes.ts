import type { GeneModel } from '../../models/core.ts'
import { GenesParams } from '../../models/parameters/core.ts'
import { findGenes } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { paginate } from '../paging.ts'

export const getGenes: DataHandler<GenesParams> = {
  name: 'get_genes',
  queue: 'core',
  params: GenesParams,
  async run({ find, ...paging }, context) {
    const { retrieval } = await context.core()
    const genes = await findGenes(retrieval, find)
    return {
      json: await paginate(
        genes,
        paging,
        ({ symbol, description }): GeneModel => ({ '@type': 'siibra-0.4/vocabulary/gene', symbol, description }),
      ),
    }
  },
}
