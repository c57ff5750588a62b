import { SingleParcellationParams } from '../../models/parameters/core.ts'
import { PagingParams } from '../../models/parameters/shared.ts'
import { serializeParcellation } from '../../serialization/parcellations.ts'
import {
  type AtlasCore,
  createGaps,
  type Gaps,
  loadDatasetFacts,
  type Parcellation,
  supportedSpaces,
} from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { type CitationFormParams, citationAnswer } from '../citation-answer.ts'
import { gapHeaders } from '../gap-header.ts'
import { matchHeaders } from '../match-header.ts'
import { paginate } from '../paging.ts'

const tell = async (core: AtlasCore, parcellation: Parcellation, gaps: Gaps) =>
  serializeParcellation(
    parcellation,
    await loadDatasetFacts(core, parcellation, gaps),
    supportedSpaces(core, parcellation),
  )

export const allParcellations: DataHandler<PagingParams> = {
  name: 'all_parcellations',
  queue: 'core',
  params: PagingParams,
  async run(params, context) {
    const core = await context.core()
    const gaps = createGaps()
    const json = await paginate(core.parcellations.all, params, (one) => tell(core, one, gaps))
    return { json, headers: gapHeaders(gaps) }
  },
}

export const singleParcellation: DataHandler<SingleParcellationParams & CitationFormParams> = {
  name: 'single_parcellation',
  queue: 'core',
  params: SingleParcellationParams,
  async run({ parcellation_id, format }, context) {
    const core = await context.core()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    if (format) return citationAnswer(core, [parcellation.object], format, matchHeaders({ parcellation }))
    const gaps = createGaps()
    const json = await tell(core, parcellation.object, gaps)
    return { json, headers: { ...matchHeaders({ parcellation }), ...gapHeaders(gaps) } }
  },
}
