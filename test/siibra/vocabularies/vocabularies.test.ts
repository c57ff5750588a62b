import { expect, test } from 'vitest'
import { createRetrieval, findGenes, loadVocabulary, type Retrieval } from '../../../src/siibra/index.ts'

const FOLDER = 'https://raw.githubusercontent.com/FZJ-INM1-BDA/siibra-python/v0.4EOL/siibra/vocabularies/'
const GENES = { MAOA: 'monoamine oxidase A', MAOB: 'monoamine oxidase B', TAC1: 'tachykinin', 'TAC1-AS': 'antisense' }

const remote = (files: Record<string, unknown>): Retrieval => ({
  ...createRetrieval({ offline: true }),
  json: async <T>(url: string) => files[url] as T | undefined,
})

test.each([
  [undefined, ['MAOA', 'MAOB', 'TAC1', 'TAC1-AS']],
  ['MAOA', ['MAOA']],
  ['TAC1', ['TAC1']],
  ['tac1', ['TAC1', 'TAC1-AS']],
  ['mao b', ['MAOB']],
  ['', ['MAOA', 'MAOB', 'TAC1', 'TAC1-AS']],
  ['toString', []],
])('genes for %j', async (find, symbols) => {
  const genes = await findGenes(remote({ [`${FOLDER}gene_names.json`]: GENES }), find)
  expect(genes.map(({ symbol }) => symbol)).toEqual(symbols)
})

test.each([[[]], ['x'], [7], [false]])('%j is no vocabulary', async (value) => {
  const failure = expect.objectContaining({ code: 'BAD_DATA' })
  await expect(loadVocabulary(remote({ [`${FOLDER}region_aliases.json`]: value }), 'region_aliases')).rejects.toEqual(
    failure,
  )
})

test('a vocabulary that cannot be had is an outage, not an empty list', async () => {
  const failure = expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE' })
  await expect(loadVocabulary(remote({}), 'region_aliases')).rejects.toEqual(failure)
  await expect(findGenes(createRetrieval({ offline: true }))).rejects.toEqual(failure)
})
