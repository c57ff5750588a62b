import { expect, test } from 'vitest'
import { prepareFeatures } from '../../../src/siibra/features/prepare.ts'
import { createRetrieval, loadConfiguration } from '../../../src/siibra/index.ts'

const SPACE = { '@id': 'space-1', '@type': 'siibra/space/v0.0.1', name: 'Space one', species: 'Homo sapiens' }
const profile = (number: number) => ({
  '@id': `profile-${number}`,
  '@type': 'siibra/feature/profile/receptor/v0.1',
  region: 'area A',
  species: 'Homo sapiens',
  receptor: 'AMPA',
  file: `https://example.org/${number}.tsv`,
})

async function load(profileCount: number) {
  const files: Record<string, unknown> = { 'spaces/one.json': SPACE }
  for (let i = 0; i < profileCount; i++) files[`features/tabular/${i}.json`] = profile(i)
  const asked: string[] = []
  const nothing = async (url: string) => {
    asked.push(url)
    return undefined
  }
  const core = await loadConfiguration({
    configuration: {
      source: 'test',
      commit: null,
      list: async () => Object.keys(files),
      read: (path) => new TextEncoder().encode(JSON.stringify(files[path])),
    },
    retrieval: createRetrieval({ mirror: { get: nothing }, offline: true }),
  })
  return { core, filesAsked: () => new Set(asked.filter((url) => url.endsWith('.tsv'))).size }
}

test('a step whose source is away is given up after three failures', async () => {
  const { core, filesAsked } = await load(10)
  await prepareFeatures(core)
  expect(filesAsked()).toBe(3)
})

test('nothing is prepared while requests are answered, nor after an abort', async () => {
  const { core, filesAsked } = await load(2)
  const abort = new AbortController()
  const preparing = prepareFeatures(core, { isBusy: () => true, signal: abort.signal })
  await new Promise((done) => setTimeout(done, 50))
  abort.abort()
  await preparing
  expect(filesAsked()).toBe(0)
})
