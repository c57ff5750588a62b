import { expect, test } from 'vitest'
import type { CellDensityProfileFeature } from '../../../../src/siibra/features/feature.ts'
import { loadBoundaryDepths, loadDensityProfile } from '../../../../src/siibra/features/load/load-cell-densities.ts'
import { createRetrieval, type Retrieval } from '../../../../src/siibra/index.ts'
import { createMemoryStore } from '../../../../src/siibra/retrieval/stores/memory-store.ts'
import { fixtures } from '../fixtures.ts'

const { files, boundaries, densities } = fixtures.cellDensity
const URL_OF = 'https://example.org/patch'

function retrievalOf(names: string[]): Retrieval {
  const stored = names.map((name) => [`example.org/patch/${name}`, new TextEncoder().encode(files[name]!)] as const)
  return createRetrieval({ mirror: createMemoryStore(new Map(stored)), offline: true })
}

const feature = { id: 'a', url: `${URL_OF}/segments.txt` } as CellDensityProfileFeature

test('boundaries and densities are those of siibra', async () => {
  const retrieval = retrievalOf(Object.keys(files))
  const depths = await loadBoundaryDepths(retrieval, feature)
  for (const [i, depth] of depths.entries()) expect(depth).toBeCloseTo(boundaries[i]!, 12)
  const profile = await loadDensityProfile(retrieval, feature)
  expect(profile.values.length).toBe(100)
  profile.values.forEach((value, i) => {
    if (densities[i] === null) expect(value).toBeNull()
    else expect(value).toBeCloseTo(densities[i]!, 9)
  })
})

test('a boundary that is away is UPSTREAM_UNAVAILABLE and says which', async () => {
  const retrieval = retrievalOf(Object.keys(files).filter((name) => name !== 'VI_WM.json'))
  await expect(loadBoundaryDepths(retrieval, feature)).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    message: expect.stringContaining('VI_WM.json'),
  })
})
