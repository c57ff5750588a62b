import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { omeZarr } from '../../../../src/demo/encoders/ome-zarr.ts'
import { sampleImage } from '../../../../src/demo/grid.ts'
import { createRetrieval } from '../../../../src/siibra/index.ts'
import { affineToRows } from '../../../../src/siibra/volumes/affine.ts'
import type { Image } from '../../../../src/siibra/volumes/image.ts'
import { decodeNifti } from '../../../../src/siibra/volumes/nifti/decode.ts'
import { openOmeZarr } from '../../../../src/siibra/volumes/ome-zarr/volume.ts'
import { wholeBoxOf } from '../../../../src/siibra/volumes/pyramids/pyramid.ts'
import { startTestApp, type TestApp } from '../../../app.ts'
import { fromBase64, readJsonFixture } from '../../../siibra/volumes/fixtures.ts'

interface ImageCase {
  name: string
  files: Record<string, string>
  levels: { path: string; shape: number[]; affine: number[][]; volumes: number[][] }[]
}

const SPACE = 'lab/space/s'
const PARCELLATION = 'lab/parcellation/p'
/** Written by zarr: 9 x 7 x 6 voxels of 0.5 x 2 x 3 mm, and a level of half as many; sharded. */
const sharded = readJsonFixture<ImageCase[]>('ome-zarr.json').find(({ name }) => name === '0.5, sharded, crc32c')!
const GRID = { shape: [20, 24, 18], voxelMm: 2, originMm: [-19, -23, -17] } as const
const SIDES = ['left', 'right'] as const

/** Two labels on each side of x = 0, in boxes. */
const labelsOf = (side: (typeof SIDES)[number]): Image =>
  sampleImage(GRID, 'uint8' as never, (x, y) => ((side === 'left' ? x < 0 : x > 0) ? (y < 0 ? 1 : 2) : 0))

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
    volumes: [{ '@type': 'siibra/volume/v0.0.1', providers: { 'ome-zarr': 'volumes/template.zarr' } }],
  },
  'parcellations/p.json': {
    '@id': PARCELLATION,
    '@type': 'siibra/parcellation/v0.0.1',
    name: 'P',
    shortName: 'P',
    species: 'Homo sapiens',
    regions: ['back', 'front'].map((name) => ({ name, children: SIDES.map((side) => ({ name: `${name} ${side}` })) })),
  },
  'maps/labelled.json': {
    '@type': 'siibra/map/v0.0.1',
    space: { '@id': SPACE },
    parcellation: { '@id': PARCELLATION },
    volumes: [
      {
        '@type': 'siibra/volume/v0.0.1',
        providers: { zarr: { left: './volumes/left.zarr', right: 'volumes/right.zarr/' } },
      },
    ],
    indices: Object.fromEntries(
      SIDES.flatMap((side) =>
        ['back', 'front'].map((name, n) => [`${name} ${side}`, [{ volume: 0, label: n + 1, fragment: side }]]),
      ),
    ),
  },
}

const FILES: Record<string, Uint8Array> = Object.fromEntries(
  Object.entries(sharded.files).map(([path, text]) => [`volumes/template.zarr/${path}`, fromBase64(text)]),
)

let app: TestApp
const folder = mkdtempSync(join(tmpdir(), 'ome-zarr-'))
beforeAll(async () => {
  for (const [path, content] of Object.entries(CONFIGURATION)) FILES[path] = Buffer.from(JSON.stringify(content))
  for (const side of SIDES) {
    const objects = omeZarr(`volumes/${side}.zarr`, GRID.shape, GRID, { dtype: 'uint8' }, () => labelsOf(side))
    for (const [path, make] of Object.entries(objects)) FILES[path] = await make()
  }
  for (const [path, bytes] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  app = await startTestApp({ configuration: folder })
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

async function ask(path: string, parameters: Record<string, string> = {}) {
  const answer = await app.get(`/v3_0${path}?${new URLSearchParams(parameters)}`)
  expect(answer.status, Buffer.from(answer.bytes).toString('latin1').slice(0, 400)).toBe(200)
  return answer
}
const imageOf = async (path: string, parameters?: Record<string, string>) =>
  decodeNifti((await ask(path, parameters)).bytes)
const map = { parcellation_id: PARCELLATION, space_id: SPACE }

describe('a template from files beside the configuration', () => {
  const path = `/spaces/${SPACE}/template.nii.gz`
  const [fine, coarse] = sharded.levels as [ImageCase['levels'][0], ImageCase['levels'][0]]

  test.each([
    ['the finest where no resolution is asked for', {}, fine],
    ['the coarsest that resolves', { resolution_mm: '6' }, coarse],
    ['the finest where none resolves', { resolution_mm: '1' }, fine],
    ['the finest that is not too large', { max_voxels: '200' }, coarse],
  ])('%s', async (_, parameters, level) => {
    const image = await imageOf(path, parameters as never)
    expect(image.shape).toEqual(level.shape)
    expect(Array.from(image.data)).toEqual(level.volumes[0])
    expect(affineToRows(image.voxelToWorldMm)).toEqual(level.affine)
  })

  test('a box has the voxels that lie in it, where they lie', async () => {
    // from the corner of voxel (2, 1, 0) to that of (6, 4, 2)
    const bbox = JSON.stringify([
      [3.25, 12, -8.5],
      [5.25, 18, -2.5],
    ])
    const image = await imageOf(path, { bbox })
    expect(image.shape).toEqual([4, 3, 2])
    expect(affineToRows(image.voxelToWorldMm).map((row) => row[3])).toEqual([3.5, 13, -7, 1])
    const [nx, ny] = fine.shape as [number, number]
    expect(image.data[0]).toBe(fine.volumes[0]![nx + 2])
    expect(image.data[4 * 3 + 4 + 1]).toBe(fine.volumes[0]![(1 * ny + 2) * nx + 3])
  })

  test('a box beside it is told so, with what it holds', async () => {
    const answer = await app.get(`/v3_0${path}?bbox=[[100,0,0],[101,1,1]]`)
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.json())).toContain('[[2.25,10,-8.5],[6.75,24,9.5]]')
  })

  test('the other routes of templates take it, too', async () => {
    expect((await imageOf('/map/resampled_template', map)).data.length).toBeGreaterThan(0)
    expect((await ask('/map/slice.png', { ...map, plane: 'axial' })).contentType).toBe('image/png')
  })
})

describe('a labelled map in two fragments', () => {
  test('masks, assignments and sizes are those of the labels', async () => {
    const whole = await imageOf('/map/labelled_map.nii.gz', map)
    expect(whole.shape).toEqual([...GRID.shape])
    expect([...new Set(whole.data)]).toEqual([1, 2])
    const mask = await imageOf('/map/labelled_map.nii.gz', { ...map, region_id: 'front right' })
    const expected = labelsOf('right').data.map((label) => Number(label === 2))
    expect(Array.from(mask.data)).toEqual(Array.from(expected))
    const parameters = { ...map, point: '-5mm,-9mm,3mm', assignment_type: 'labelled' }
    expect(JSON.stringify((await ask('/map/assign', parameters)).json())).toContain('back left')
  })

  test('one fragment, cut out at a level', async () => {
    const image = await imageOf('/map/labelled_map.nii.gz', { ...map, fragment: 'left', resolution_mm: '4' })
    expect(image.shape).toEqual([10, 12, 9])
    expect(affineToRows(image.voxelToWorldMm)).toEqual([
      [4, 0, 0, -19],
      [0, 4, 0, -23],
      [0, 0, 4, -17],
      [0, 0, 0, 1],
    ])
    expect(Array.from(image.data.subarray(0, 10))).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
  })
})

test('over HTTP chunks of shards come as ranges, and what is missing is 404', async () => {
  const ranges: string[] = []
  const server = createServer((request, response) => {
    const bytes = FILES[request.url!.slice(1)]
    if (!bytes) return response.writeHead(404).end()
    const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    if (!request.headers.range) return response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    ranges.push(request.headers.range)
    const [start, end] =
      from === ''
        ? [bytes.length - Number(to), bytes.length]
        : [Number(from), Math.min(to === '' ? bytes.length : Number(to) + 1, bytes.length)]
    response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` })
    return response.end(bytes.subarray(start, end))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const retrieval = createRetrieval()
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/volumes/template.zarr`
    const pyramid = await openOmeZarr(retrieval.store, base)
    const level = pyramid.levels[0]!
    const image = await pyramid.read(level, wholeBoxOf(level), {})
    expect(Array.from(image.data)).toEqual(sharded.levels[0]!.volumes[0])
    expect(ranges.length).toBeGreaterThan(4)
    await expect(openOmeZarr(retrieval.store, `${base}/nothing`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  } finally {
    await retrieval.close()
    await new Promise((resolve) => server.close(resolve))
  }
})

test('the demo has an image feature of that kind', async () => {
  const demo = await startTestApp()
  try {
    const listed = await demo.get(
      '/v3_0/feature/Image?space_id=siibra-api/demo/space/harbour-microscopic&bbox=[[-100,-100,-100],[100,100,100]]&size=100',
    )
    const items = listed.json<{ items: { id: string; name: string }[] }>().items
    const { id } = items.find(({ name }) => name.includes('light sheet'))!
    const image = async (query: string) => {
      const answer = await demo.get(`/v3_0/feature/${id}/image.nii.gz${query}`)
      expect(answer.status, Buffer.from(answer.bytes).toString('latin1').slice(0, 400)).toBe(200)
      return decodeNifti(answer.bytes)
    }
    expect((await image('')).shape).toEqual([10, 12, 10])
    const coarse = await image('?resolution_mm=4')
    expect(coarse.shape).toEqual([5, 6, 5])
    expect(coarse.voxelToWorldMm[0]).toBe(4)
  } finally {
    await demo.close()
  }
})
