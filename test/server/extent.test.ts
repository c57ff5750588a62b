import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeNifti, encodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { type Answer, startTestApp, type TestApp } from '../app.ts'

const SPACE = 'lab/space/s'
const PARCELLATION = 'lab/parcellation/nested'
const volume = (name: string) => ({
  '@type': 'siibra/volume/v0.0.1',
  providers: { nii: `https://data.lab.example/${name}.nii` },
})

/** Labels 1 to 4 in a row: of whole, its parts inner (not drawn) > deep and outer, and of drawn beside nowhere. */
const CONFIGURATION: Record<string, object> = {
  'atlases/lab.json': {
    '@id': 'lab/atlas',
    '@type': 'juelich/iav/atlas/v1.0.0',
    name: 'Lab',
    order: 1,
    species: 'Homo sapiens',
    spaces: [SPACE],
    parcellations: [PARCELLATION],
  },
  'spaces/s.json': {
    '@id': SPACE,
    '@type': 'siibra/space/v0.0.1',
    name: 'S',
    shortName: 'S',
    species: 'Homo sapiens',
    volumes: [volume('labels')],
  },
  'parcellations/nested.json': {
    '@id': PARCELLATION,
    '@type': 'siibra/parcellation/v0.0.1',
    name: 'Nested',
    shortName: 'Nested',
    species: 'Homo sapiens',
    regions: [
      { name: 'whole', children: [{ name: 'inner', children: [{ name: 'deep' }] }, { name: 'outer' }] },
      { name: 'scattered', children: [{ name: 'drawn' }, { name: 'nowhere' }] },
    ],
  },
  'maps/labelled.json': {
    '@type': 'siibra/map/v0.0.1',
    space: { '@id': SPACE },
    parcellation: { '@id': PARCELLATION },
    volumes: [volume('labels')],
    indices: {
      whole: [{ volume: 0, label: 1 }],
      deep: [{ volume: 0, label: 2 }],
      outer: [{ volume: 0, label: 3 }],
      drawn: [{ volume: 0, label: 4 }],
    },
  },
  'maps/statistical.json': {
    '@type': 'siibra/map/v0.0.1',
    space: { '@id': SPACE },
    parcellation: { '@id': PARCELLATION },
    volumes: [volume('values'), volume('gone')],
    indices: { deep: [{ volume: 0 }], outer: [{ volume: 1 }] },
    sparsemap: { is_sparsemap: true },
  },
  // a map in two files, of which one is gone; and one of which both are
  ...Object.fromEntries(
    [
      ['halved', 'labels'],
      ['lost', 'gone'],
    ].flatMap(([name = '', file = '']) => [
      [
        `parcellations/${name}.json`,
        {
          '@id': `lab/parcellation/${name}`,
          '@type': 'siibra/parcellation/v0.0.1',
          name,
          shortName: name,
          species: 'Homo sapiens',
          regions: [{ name: 'near' }, { name: 'far' }],
        },
      ],
      [
        `maps/${name}.json`,
        {
          '@type': 'siibra/map/v0.0.1',
          space: { '@id': SPACE },
          parcellation: { '@id': `lab/parcellation/${name}` },
          volumes: [volume(file), volume('gone-too')],
          indices: { near: [{ volume: 0, label: 2 }], far: [{ volume: 1, label: 2 }] },
        },
      ],
    ]),
  ),
}

const grid = { shape: [6, 1, 1], voxelToWorldMm: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1) }
let app: TestApp
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-test-'))
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const [path, spec] of Object.entries(CONFIGURATION)) write(`configuration/${path}`, JSON.stringify(spec))
  const labels = encodeNifti({ data: Uint8Array.of(1, 2, 3, 4, 0, 0), dtype: 'uint8', ...grid })
  const values = encodeNifti({ data: Float32Array.of(0, 0.5, 0, 0, 0, 0), dtype: 'float32', ...grid })
  write('mirror/data.lab.example/labels.nii', labels)
  write('mirror/data.lab.example/values.nii', values)
  app = await startTestApp({ configuration: join(folder, 'configuration'), mirror: join(folder, 'mirror') })
})
afterAll(async () => {
  await app?.close()
  rmSync(folder, { recursive: true, force: true })
})

const query = (more: Record<string, string>) =>
  new URLSearchParams({ parcellation_id: PARCELLATION, space_id: SPACE, ...more }).toString()
const mask = (region_id: string, more: Record<string, string> = {}) =>
  app.get(`/v3_0/map/labelled_map.nii.gz?${query({ region_id, ...more })}`)
const voxelsOf = ({ bytes }: Answer) =>
  [...decodeNifti(gunzipSync(bytes)).data].flatMap((value, at) => (value ? at : []))
const centreOf = async (region: string, more: Record<string, string> = {}) => {
  const answer = await app.get(`/v3_0/regions/${region}?${query(more)}`)
  const { hasAnnotation } = answer.json<{
    hasAnnotation: { bestViewPoint: { coordinates: { value: number }[] } | null }
  }>()
  return hasAnnotation.bestViewPoint?.coordinates[0]?.value
}

describe('extent, through all of the service', () => {
  test('masks: each is an answer of its own', async () => {
    for (const _ of ['made', 'kept']) {
      expect(voxelsOf(await mask('whole'))).toEqual([0, 1, 2])
      expect(voxelsOf(await mask('whole', { extent: 'own' }))).toEqual([0])
      expect(voxelsOf(await mask('scattered', { extent: 'drawn' }))).toEqual([3])
      expect((await mask('scattered')).status).toBe(404)
    }
  })

  test('centres', async () => {
    expect(await centreOf('whole')).toBe(1)
    expect(await centreOf('whole', { extent: 'own' })).toBe(0)
    expect(await centreOf('scattered')).toBeUndefined()
    expect(await centreOf('scattered', { extent: 'drawn' })).toBe(3)
  })

  test('another word is refused', async () => {
    const answer = await mask('whole', { extent: 'all' })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.json())).toContain('extent')
  })
})

test('a map of which a file is gone answers with what is there, names the rest, and is not kept', async () => {
  const answer = await app.get(`/v3_0/map/assign?${query({ point: '1,0,0', assignment_type: 'statistical' })}`)
  expect(answer.status).toBe(200)
  expect(answer.json<{ data: unknown[] }>().data).toHaveLength(1)
  expect(answer.headers['x-siibra-gaps']).toBe('outer')
  expect(answer.headers['cache-control']).toBe('no-store')
})

test('values of an image by the statistical maps that are there, with those that are not in the header', async () => {
  const data = Float32Array.of(0, 3, 0, 0, 1, 0)
  const image = Buffer.from(encodeNifti({ data, dtype: 'float32', ...grid }))
  const answer = await app.send('POST', `/v3_0/map/values?${query({ assignment_type: 'statistical' })}`, image, {
    'content-type': 'application/octet-stream',
  })
  expect(answer.status, Buffer.from(answer.bytes).toString()).toBe(200)
  // 3 = 6 * 0.5, the only voxel of the map that is there
  expect(answer.json()).toMatchObject({ columns: ['deep'], data: [[6]] })
  expect(answer.headers['x-siibra-gaps']).toBe('outer')
  expect(answer.headers['cache-control']).toBe('no-store')
})

test.each(['values', 'assign_image'])(
  '%s of a labelled map of which a file is gone: what is there, the rest in the header',
  async (route) => {
    const image = Buffer.from(encodeNifti({ data: Float32Array.of(0, 3, 0, 0, 1, 0), dtype: 'float32', ...grid }))
    const ask = (name: string) =>
      app.send(
        'POST',
        `/v3_0/map/${route}?${query({ parcellation_id: `lab/parcellation/${name}`, assignment_type: 'labelled' })}`,
        image,
        { 'content-type': 'application/octet-stream' },
      )
    const answer = await ask('halved')
    expect(answer.status, Buffer.from(answer.bytes).toString()).toBe(200)
    const { columns, data } = answer.json<{ columns: string[]; data: unknown[][] }>()
    if (route === 'values') expect({ columns, data }).toEqual({ columns: ['near'], data: [[3]] })
    else expect(data.map((row) => row[columns.indexOf('region')])).toEqual(['near'])
    expect(answer.headers['x-siibra-gaps']).toBe('far')
    expect(answer.headers['cache-control']).toBe('no-store')
    // nothing at all is no answer
    expect((await ask('lost')).status).toBe(503)
  },
)

test.each(['-0.51,0,0', '0,-0.6,0', '0,0,-1.4'])('the point %s lies outside of the low faces', async (point) => {
  const answer = await app.get(`/v3_0/map/assign?${query({ point, assignment_type: 'labelled' })}`)
  expect(answer.json<{ data: unknown[] }>().data).toEqual([])
})
