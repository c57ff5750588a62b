import Type from 'typebox'
import { type ReceptorModel, VocabularyParams } from '../../models/feature-tables.ts'
import { findReceptors, loadRecordingConditions } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { paginate } from '../paging.ts'

/** Receptors that tables of densities name, with their neurotransmitters. */
export const receptorVocabulary: DataHandler<VocabularyParams> = {
  name: 'receptor_vocabulary',
  queue: 'features',
  params: VocabularyParams,
  async run({ find, ...paging }, { core, signal }) {
    const receptors = await findReceptors((await core()).retrieval, find, signal)
    const tell = (one: (typeof receptors)[number]): ReceptorModel => ({
      '@type': 'siibra-0.4/vocabulary/receptor',
      ...one,
    })
    return { json: await paginate(receptors, paging, tell) }
  },
}

/** How recordings of field potentials were made: the values that listings can be asked for. */
export const recordingVocabulary: DataHandler<Record<string, never>> = {
  name: 'recording_vocabulary',
  queue: 'features',
  params: Type.Object({}),
  async run(_, { core, signal }) {
    return { json: await loadRecordingConditions(await core(), signal) }
  },
}
