import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { documentedRequests, exampleSettings, loadExample } from './documented-requests.ts'

const folder = 'docs/examples/own-atlas'

/** As `make_volumes.py` draws it. */
const RIND_VOXELS = 2232

let app: TestApp
beforeAll(async () => {
  app = await startTestApp(exampleSettings(folder))
})
afterAll(() => app.close())

describe('docs/examples/own-atlas.md', () => {
  const requests = documentedRequests('docs/examples/own-atlas.md')

  it('has commands', () => expect(requests.length).toBeGreaterThan(4))

  it('describes a configuration without problems', async () => {
    const core = await loadExample(folder)
    await core.featureSpecs()
    expect(core.configuration.problems).toEqual([])
  })

  it.each(requests)('%s', async (path) => {
    const answer = await app.get(path)
    expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
    if (answer.contentType.startsWith('application/json') && !path.includes('/map/')) {
      const { items, name } = answer.json<{ items?: unknown[]; name?: string }>()
      expect(items?.length ?? name?.length).toBeGreaterThan(0)
    }
  })

  it('assigns a point to the region that the volume has there', async () => {
    const answer = await app.get(requests.find((path) => path.includes('/map/assign'))!)
    const { columns, data } = answer.json<{ columns: string[]; data: unknown[][] }>()
    expect(data.map((row) => row[columns.indexOf('region')])).toEqual(['rind left'])
  })

  it('masks a parent by its children', async () => {
    const answer = await app.get(requests.find((path) => path.includes('region_id=rind'))!)
    const { data, shape } = decodeNifti(answer.bytes)
    expect(shape).toEqual([20, 20, 20])
    expect(Array.from(data).filter((value) => value > 0)).toHaveLength(RIND_VOXELS)
  })
})
