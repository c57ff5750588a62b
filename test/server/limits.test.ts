/** The rows of docs/limits.md that a variable sets: each set low, asked beyond it, with its status. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, test } from 'vitest'
import { LIMIT_VARIABLES } from '../../src/config-limits.ts'
import { encodeNifti } from '../../src/siibra/volumes/nifti/encode.ts'
import { type Answer, startTestApp, type TestApp } from '../app.ts'
import { exampleSettings } from '../examples/documented-requests.ts'

let app: TestApp
afterEach(() => app.close())

const SPACE = 'space_id=Demo%20mean'
const MAP = `parcellation_id=Harbour%20v2&${SPACE}`
const POINTS = { points: [[-20, 44, -5], [-20, 44, -5], [-20, 44, -5]] } // biome-ignore format: one line
const image = (volumes: number) =>
  Buffer.from(
    encodeNifti({
      data: new Float32Array(1000 * volumes).fill(1),
      dtype: 'float32',
      shape: volumes === 1 ? [10, 10, 10] : [10, 10, 10, volumes],
      voxelToWorldMm: Float64Array.of(1, 0, 0, -25, 0, 1, 0, 40, 0, 0, 1, -10, 0, 0, 0, 1),
    }),
  )
const NIFTI = { 'content-type': 'application/octet-stream' }
const assign = (query = '') => app.send('POST', `/v3_0/map/assign?${MAP}${query}`, POINTS)
const values = (volumes: number) => app.send('POST', `/v3_0/map/values?${MAP}`, image(volumes), NIFTI)

/** By a real socket: node's parser, and what stands before the routes. */
async function listened(path: string, headers: Record<string, string> = {}): Promise<Pick<Answer, 'status'>> {
  const { status, body } = await fetch(`${await app.listen()}${path}`, { headers })
  await body?.cancel()
  return { status }
}

/** Variable, a low value, what is asked beyond it, its status, a part of what is said; and what is still answered, where that is quick. */
const ROWS: [
  string,
  string,
  () => Promise<Pick<Answer, 'status'>>,
  number,
  (() => Promise<Pick<Answer, 'status'>>)?,
][] = [
  ['SIIBRA_API_MAX_HEAD_KB', '4', () => listened('/v3_0/atlases', { 'x-long': 'x'.repeat(5000) }), 431],
  ['SIIBRA_API_MAX_URL_KB', '0.25', () => listened(`/v3_0/atlases?x=${'x'.repeat(300)}`), 414],
  [
    'SIIBRA_API_MAX_PAGE_SIZE',
    '10',
    () => app.get('/v3_0/atlases?size=11'),
    422,
    () => app.get('/v3_0/atlases?size=10'),
  ],
  [
    'SIIBRA_API_MAX_EXPRESSION_CHARS',
    '5',
    () => app.get('/v3_0/regions?parcellation_id=Harbour%20v2&find=/abcdef/i'),
    400,
    () => app.get('/v3_0/regions?parcellation_id=Harbour%20v2&find=/abcde/i'),
  ],
  ['SIIBRA_API_POST_LIMITS_MB', '/map/assign=0.00001', () => assign(), 413],
  ['SIIBRA_API_MAX_POINTS', '2', () => assign(), 422],
  ['SIIBRA_API_MAX_UNCERTAIN_POINTS', '2', () => assign('&sigma_mm=20'), 422, () => assign()],
  ['SIIBRA_API_MAX_ANSWER_MB', '0.001', () => assign('&format=csv'), 422],
  [
    'SIIBRA_API_MAX_IMAGE_VOXELS',
    '1000',
    () => app.send('POST', `/v3_0/map/density.nii.gz?${SPACE}`, POINTS),
    422,
    () => app.send('POST', `/v3_0/map/density.nii.gz?${SPACE}&resolution_mm=100`, POINTS),
  ],
  ['SIIBRA_API_MAX_VOLUME_MB', '0.003', () => values(1), 422],
  ['SIIBRA_API_MAX_INFLATED_MB', '0.006', () => values(2), 422, () => values(1)],
  ['SIIBRA_API_MAX_VOLUMES', '1', () => values(2), 422, () => values(1)],
]

describe.each(ROWS)('%s=%s', (name, value, ask, status, within) => {
  it(`answers ${status} beyond it`, async () => {
    app = await startTestApp(undefined, { env: { [name]: value } })
    if (within) expect((await within()).status).toBeLessThan(300)
    expect((await ask()).status).toBe(status)
  })
})

const OF_PEBBLE = 'parcellation_id=Pebble%20v1&space_id=Pebble'
test.each([
  ['SIIBRA_API_MAX_REMOTE_MB', '0.0005', '/map/assign?point=-9mm,5mm,3mm&assignment_type=labelled&'],
  ['SIIBRA_API_MAX_DECODED_MB', '0.001', '/map/resampled_template?'],
])('%s=%s: sources that give more are 502', async (name, value, path) => {
  app = await startTestApp(exampleSettings('docs/examples/own-atlas'), { env: { [name]: value } })
  expect((await app.get(`/v3_0${path}${OF_PEBBLE}`)).status).toBe(502)
})

test('SIIBRA_API_SHARED_SIZE_GIB: where downloads have taken it, another is 503 with Retry-After', async () => {
  app = await startTestApp(undefined, { env: { SIIBRA_API_SHARED_SIZE_GIB: '0.000001' } })
  const ask = (space: string) => app.get(`/v3_0/atlas_download?parcellation_id=Harbour%20v2&space_id=${space}`)
  expect((await ask('Demo%20mean')).status).toBe(200)
  const refused = await ask('Demo%20mean&strict_mode=true')
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '60'])
})

test('a page that is smaller stands in the OpenAPI document', async () => {
  app = await startTestApp(undefined, { env: { SIIBRA_API_MAX_PAGE_SIZE: '7' } })
  const document = (await app.get('/v3_0/openapi.json')).json<{
    paths: Record<string, { get: { parameters: object[] } }>
  }>()
  const { parameters } = document.paths['/v3_0/atlases']?.get ?? document.paths['/atlases']!.get
  expect(parameters).toContainEqual(
    expect.objectContaining({ name: 'size', schema: expect.objectContaining({ maximum: 7, default: 7 }) }),
  )
})

test('every variable of the table stands in docs/limits.md', async () => {
  app = await startTestApp()
  const page = readFileSync('docs/limits.md', 'utf8')
  for (const { names } of Object.values(LIMIT_VARIABLES)) expect(page).toContain(`\`${names[0]}\``)
})
