import { expect, test } from 'vitest'
import { assignPoint } from '../../../src/data-handlers/volumes/assign-point.ts'
import { labelledMap, resampledTemplate } from '../../../src/data-handlers/volumes/labelled-map.ts'
import { statisticalMap } from '../../../src/data-handlers/volumes/statistical-map.ts'
import { demoConfigurationFiles, demoStore } from '../../../src/demo/index.ts'
import { type AtlasCore, createRetrieval, loadConfiguration, SiibraError } from '../../../src/siibra/index.ts'
import type { Store } from '../../../src/siibra/retrieval/stores/store.ts'
import type { AnyHandler } from '../../../src/tasks/task.ts'

async function loadDemo(mirror: Store = demoStore()): Promise<AtlasCore> {
  return loadConfiguration({
    configuration: demoConfigurationFiles(),
    retrieval: createRetrieval({ mirror, offline: true }),
  })
}

const core = await loadDemo()
const mapOf = (mapType: string) =>
  core.maps.all.find((map) => map.mapType === mapType && 'nii' in map.volumes[0]!.providers)!
const labelled = { parcellation_id: mapOf('LABELLED').parcellation.id, space_id: mapOf('LABELLED').space.id }
const statistical = { parcellation_id: mapOf('STATISTICAL').parcellation.id, space_id: mapOf('STATISTICAL').space.id }

const run = (handler: AnyHandler, params: Record<string, unknown>, atlas = core) =>
  handler.run(params, { core: async () => atlas, signal: new AbortController().signal, sharedDir: '', progress() {} })
const assign = { ...labelled, point: '0, 0, 0', assignment_type: 'labelled', sigma_mm: 0 }

test.each(['', 'here', '1,2', 'NaN, 0, 0', '0mm,0mm,0cm'])('point %j is refused', async (point) => {
  await expect(run(assignPoint, { ...assign, point })).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    details: { parameter: 'point' },
  })
})

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('sigma_mm %d is refused', async (sigma_mm) => {
  await expect(run(assignPoint, { ...assign, sigma_mm })).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    details: { parameter: 'sigma_mm' },
  })
})

test('an uncertainty below three voxels does not count, and the answer says so', async () => {
  const headersOf = async (sigma_mm: number) => {
    const { headers = {} } = await run(assignPoint, { ...assign, sigma_mm })
    return decodeURIComponent(headers['x-siibra-note'] ?? '')
  }
  expect(await headersOf(0)).toBe('')
  expect(await headersOf(0.01)).toMatch(/^sigma_mm below [\d.]+ \(three voxels of this map\) counts as 0$/)
  const least = Number(/below ([\d.]+)/.exec(await headersOf(0.01))?.[1])
  expect(await headersOf(least + 0.01)).toBe('')
})

test('an assignment type that is none', async () => {
  await expect(run(assignPoint, { ...assign, assignment_type: 'best' })).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    details: { parameter: 'assignment_type' },
  })
})

test('a point outside of the map is no error', async () => {
  const answer = await run(assignPoint, { ...assign, point: '1e6, 0, 0' })
  if (!('json' in answer) || typeof answer.json !== 'function') throw new Error('no table')
  expect(answer.json()).toMatchObject({ data: [], index: [], ndim: 2 })
})

test('a space that the map does not have, and one that there is not', async () => {
  const other = core.spaces.all.find(
    ({ id }) => !core.maps.all.some((map) => map.space.id === id && map.parcellation.id === labelled.parcellation_id),
  )
  for (const handler of [labelledMap, resampledTemplate]) {
    await expect(run(handler, { ...labelled, space_id: 'nowhere at all' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    if (other) {
      await expect(run(handler, { ...labelled, space_id: other.id })).rejects.toMatchObject({
        code: 'INVALID_COMBINATION',
      })
    }
  }
})

test('a region that there is not, and one without a statistical map', async () => {
  const params = { ...statistical, name: '' }
  await expect(run(labelledMap, { ...labelled, region_id: 'no such region' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(run(statisticalMap, { ...params, region_id: '' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
  await expect(run(statisticalMap, { ...params, region_id: 'no such region' })).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
  })
})

test('a provider that is away: 503 now, an answer when it is back', async () => {
  let isAway = true
  const store = demoStore()
  const refuse = () => {
    throw new SiibraError('UPSTREAM_UNAVAILABLE', 'away')
  }
  const atlas = await loadDemo({
    ...store,
    get: async (key, options) => (isAway && !key.endsWith('.json') ? refuse() : store.get(key, options)),
  })
  await expect(run(labelledMap, labelled, atlas)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  isAway = false
  expect(await run(labelledMap, labelled, atlas)).toMatchObject({ contentType: 'application/octet-stream' })
})
