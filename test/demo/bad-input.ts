/**
 * Every route that the original's contract does not have refuses what it cannot use: a 4xx in the one form of errors, which says what is
 * wrong, and the service answers as quickly as before. A route without a request here fails the first test.
 */
import { request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, TestApp } from '../app.ts'
import { errorOf } from '../server/fake-app.ts'

const PARCELLATION = 'siibra-api/demo/parcellation/harbour-2'
const SPACE = 'siibra-api/demo/space/harbour-mean'
const REGION = `/regions/${encodeURIComponent('Area B1 (Bow) left')}`
const NOWHERE = '/regions/no such region at all'

const P = query({ parcellation_id: PARCELLATION })
const S = query({ space_id: SPACE })
const PS = `${P}&${S}`

type Sent = [body: string | Buffer | object, headers?: Record<string, string>]
/** Path below `/v3_0`, status, what the error says, and what is sent. */
type Bad = [path: string, status: number, says: string | RegExp, sent?: Sent | undefined, accept?: string]

const CSV = { 'content-type': 'text/csv' }
const JSON_TYPE = { 'content-type': 'application/json' }
const BYTES = { 'content-type': 'application/octet-stream' }
const POINTS: Sent = [{ points: [[0, 0, 0]] }]

/** Bodies that hold no usable points, for each route that takes points. */
const badPoints = (path: string): Bad[] => [
  [path, 422, 'Line 1: the header has no column z', ['x,y\n1,2', CSV]],
  [path, 422, "Line 3, column y: 'two' is not a number", ['x,y,z\n1,2,3\n1,two,3', CSV]],
  [path, 422, "Line 2, column z: 'NaN' is not a number", ['x,y,z\n1,2,NaN', CSV]],
  [path, 422, "Line 2, column x: 'inf'", ['x,y,z\ninf,2,1', CSV]],
  [path, 422, 'Line 3 has 2 columns, the header has 3', ['x,y,z\n1,2,3\n1,2', CSV]],
  [path, 422, 'Line 2: a quote is not closed', ['x,y,z\n"1,2,3', CSV]],
  ...badJsonPoints(path, 'points', {}),
]

const badJsonPoints = (path: string, member: string, more: object): Bad[] => [
  [
    path,
    422,
    `${member}[1] is no [x, y, z]`,
    [
      {
        ...more,
        [member]: [
          [0, 0, 0],
          [1, 2],
        ],
      },
    ],
  ],
  [path, 422, `${member}[0] is no [x, y, z]`, [`{"${member}": [[1, 2, null]]}`, JSON_TYPE]],
  [path, 422, /not JSON from position \d+/, [`{"${member}": [[1, 2, NaN]]}`, JSON_TYPE]],
  [path, 422, `${member}[0] is no [x, y, z]`, [`{"${member}": [[1, 2, 1e999]]}`, JSON_TYPE]],
  [path, 422, 'ends too early', [`{"${member}": [[1, 2, 3],`, JSON_TYPE]],
  [path, 422, `\`${member}\` is no list`, [{ ...more, other: [[1, 2, 3]] }]],
  [path, 422, '1000000 points', [gzipSync(million(member)), { ...JSON_TYPE, 'content-encoding': 'gzip' }]],
]

/** One point more than is taken. */
function million(member: string): string {
  return `{"${member}":[${'[0,0,0],'.repeat(1_000_000)}[0,0,0]]}`
}

/** Bodies that are no images. */
const badImages = (path: string): Bad[] => [
  [path, 422, 'too few for a header', ['this is no image', BYTES]],
  [path, 422, 'too few for a header', [gzipSync(Buffer.alloc(100)), BYTES]],
  [path, 422, 'multipart', ['--x\r\n\r\n', { 'content-type': 'multipart/form-data; boundary=x' }]],
  [path, 415, 'application/octet-stream', [{ points: [] }]],
]

/** What is wrong with any body, whatever the route. */
const badBodies = (path: string, type: Record<string, string>): Bad[] => [
  [path, 415, 'are not taken', ['x', { 'content-type': 'text/plain' }]],
  [path, 415, 'encoding', ['x', { ...type, 'content-encoding': 'lzw' }]],
  [path, 400, 'gzip', ['no gzip', { ...type, 'content-encoding': 'gzip' }]],
  [path, 400, 'gzip', [gzipSync(Buffer.alloc(9999, 'abc')).subarray(0, 30), { ...type, 'content-encoding': 'gzip' }]],
  [path, 422, 'missing', ['', type]],
]

const badForms = (path: string, sent?: Sent): Bad[] => [
  [`${path}&format=xlsx`, 422, "'arrow'", sent],
  [path, 406, 'text/csv', sent, 'image/png'],
]

const badRegions = (suffix: string, more = ''): Bad[] => [
  [`${NOWHERE}/${suffix}?${P}${more}`, 404, 'no such region'],
  [`${REGION}/${suffix}?parcellation_id=no such parcellation${more}`, 404, 'no such parcellation'],
  [`${REGION}/${suffix}?${more.slice(1)}`, 422, 'parcellation_id'],
]

const badMeshes = (form: string): Record<string, Bad[]> => ({
  [`get_region_mesh_${form}`]: [
    [`/map/mesh.${form}?${PS}&region_id=no such region`, 404, 'no such region'],
    [`/map/mesh.${form}?${P}&space_id=no such space`, 404, 'no such space'],
    [`/map/mesh.${form}?${PS}&decimate=7`, 422, 'decimate'],
    [`/map/mesh.${form}?${PS}&smooth=NaN`, 422, 'smooth'],
  ],
  [`get_template_mesh_${form}`]: [
    [`/spaces/no such space/mesh.${form}`, 404, 'no such space'],
    [`/spaces/${SPACE}/mesh.${form}?decimate=NaN`, 422, 'decimate'],
  ],
})

const badPictures = (path: string): Bad[] => [
  [`${path}?${PS}&region_id=no such region`, 404, 'no such region'],
  [`${path}?${P}&space_id=no such space`, 404, 'no such space'],
  [`${path}?${PS}&size=100000`, 422, 'size'],
  [`${path}?${PS}&background=plaid`, 422, 'background'],
  [`${path}?${P}`, 422, 'space_id'],
]

const ASSIGN = `/map/assign?${PS}`
const DENSITY = `/map/density.nii.gz?${S}`
const WARP = `/spaces/${SPACE}/warp?target_space_id=${SPACE}`
const COLORIZED = `/map/colorized.nii.gz?${PS}`
const TABLE = `/parcellations/${PARCELLATION}/region_table`
const OVERLAP = `/map/overlap?${PS}&other_parcellation_id=siibra-api/demo/parcellation/harbour-1`
const TRANSFORM = { source_space: SPACE, target_space: SPACE }

const BAD: Record<string, Bad[]> = {
  post_assign_points: [
    ...badPoints(ASSIGN),
    ...badBodies(ASSIGN, CSV),
    ...badForms(ASSIGN, POINTS),
    [ASSIGN, 422, "Line 2, column sigma_mm: '-1'", ['x,y,z,sigma_mm\n1,2,3,-1', CSV]],
    [
      ASSIGN,
      422,
      '`sigma_mm` has 1 values for 2 points',
      [
        {
          points: [
            [0, 0, 0],
            [1, 1, 1],
          ],
          sigma_mm: [1],
        },
      ],
    ],
    [ASSIGN, 422, 'ids[0]', [{ points: [[0, 0, 0]], ids: [null] }]],
    [ASSIGN, 422, '20000', [{ points: Array.from({ length: 20_001 }, () => [0, 0, 0]), sigma_mm: 50 }]],
    [`/map/assign?${P}&space_id=no such space`, 404, 'no such space', POINTS],
    [`/map/assign?${S}&parcellation_id=no such parcellation`, 404, 'no such parcellation', POINTS],
    [`/map/assign?${S}`, 422, 'parcellation_id', POINTS],
    [`${ASSIGN}&level=0`, 422, 'level', POINTS],
    [`${ASSIGN}&sigma_mm=NaN`, 422, 'sigma_mm', POINTS],
    [`${ASSIGN}&point_space_id=no such space`, 404, 'no such space', POINTS],
  ],
  warp_points: [
    [`${WARP}&point=1,2`, 422, 'point'],
    [`${WARP}&point=NaN,0,0`, 422, 'point'],
    [WARP, 422, 'point'],
    [`/spaces/${SPACE}/warp?target_space_id=no such space&point=1,2,3`, 404, 'target_space_id'],
    [`/spaces/no such space/warp?target_space_id=${SPACE}&point=1,2,3`, 404, 'no such space'],
  ],
  post_warp_points: [
    ...badJsonPoints(WARP, 'points', {}),
    ...badBodies(WARP, JSON_TYPE),
    [WARP, 415, 'application/json', ['x,y,z\n1,2,3', CSV]],
    [`/spaces/${SPACE}/warp`, 422, 'target_space_id', POINTS],
  ],
  transform_points: [
    ...badJsonPoints('/v1/transform-points', 'source_points', TRANSFORM),
    ...badBodies('/v1/transform-points', JSON_TYPE),
    ['/v1/transform-points', 422, 'target_space', [{ source_space: SPACE, source_points: [] }]],
    [
      '/v1/transform-points',
      404,
      'no such space',
      [{ ...TRANSFORM, target_space: 'no such space', source_points: [] }],
    ],
  ],
  get_region_ancestors: badRegions('ancestors'),
  get_region_descendants: [...badRegions('descendants'), [`${REGION}/descendants?${P}&size=0`, 422, 'size']],
  get_region_siblings: badRegions('siblings'),
  get_region_links: [...badRegions('links', `&${S}`), [`${REGION}/links?${P}`, 422, 'space_id']],
  get_region_overview: badRegions('overview'),
  get_structure_at: [
    [`/spaces/${SPACE}/structure_at?${P}&point=here`, 422, 'point'],
    [`/spaces/${SPACE}/structure_at?${P}&point=1,2,3&level=0`, 422, 'level'],
    [`/spaces/no such space/structure_at?${P}&point=1,2,3`, 404, 'no such space'],
  ],
  get_slice_png: [
    ...badPictures('/map/slice.png'),
    [`/map/slice.png?${PS}&at_mm=NaN`, 422, 'at_mm'],
    [`/map/slice.png?${PS}&plane=diagonal`, 422, 'plane'],
  ],
  get_slice_svg: badPictures('/map/slice.svg'),
  get_picture_png: badPictures('/map/picture.png'),
  ...badMeshes('gii'),
  ...badMeshes('glb'),
  ...badMeshes('obj'),
  get_labelled_surface: [
    [`/map/labelled_surface.label.gii?${P}&space_id=no such space`, 404, 'no such space'],
    [`/map/labelled_surface.label.gii?${P}`, 422, 'space_id'],
  ],
  search_features: [
    ['/features?bbox=[[0,0],[1,1]]', 422, 'bbox'],
    [`/features?${S}&bbox=[[0,0,0],[1,1,NaN]]`, 422, 'bbox'],
    [`/features?${P}&region_id=no such region`, 404, 'no such region'],
    ['/features?type=NoSuchType', 422, 'type'],
    ['/features?size=1000', 422, 'size'],
  ],
  get_feature_matrix: [
    [`/feature/matrix?${P}`, 422, 'type'],
    [`/feature/matrix?${P}&type=NoSuchType`, 422, 'type'],
    [`/feature/matrix?${P}&gene=NOTAGENE`, 404, 'NOTAGENE'],
    ...badForms(`/feature/matrix?${P}&type=ReceptorDensityFingerprint`),
  ],
  citations: [
    ['/citations?parcellation_id=no such parcellation', 404, 'no such parcellation'],
    ['/citations', 422, 'parcellation_id'],
    [`/citations?${P}&format=xml`, 422, 'format'],
  ],
  receptors: [['/vocabularies/receptors?page=0', 422, 'page']],
  // it takes no parameters
  recording_conditions: [],
  get_region_table: [
    [`/parcellations/no such parcellation/region_table`, 404, 'no such parcellation'],
    [`${TABLE}?within=no such region`, 404, 'no such region'],
    [`${TABLE}?level=0`, 422, 'level'],
    [`${TABLE}?columns=no_such_column`, 422, 'columns'],
    [`${TABLE}?space_id=no such space`, 404, 'no such space'],
    ...badForms(`${TABLE}?leaf=true`),
  ],
  get_map_overlap: [
    [`/map/overlap?${PS}&other_parcellation_id=no such parcellation`, 404, 'other_parcellation_id'],
    [`/map/overlap?${PS}`, 422, 'other_parcellation_id'],
    ...badForms(OVERLAP),
  ],
  get_template_cutout: [
    [`/spaces/no such space/template.nii.gz`, 404, 'no such space'],
    [`/spaces/${SPACE}/template.nii.gz?bbox=[[0,0,0]]`, 422, 'bbox'],
    [`/spaces/${SPACE}/template.nii.gz?resolution_mm=0`, 422, 'resolution_mm'],
    [`/spaces/${SPACE}/template.nii.gz?max_voxels=-1`, 422, 'max_voxels'],
  ],
  get_feature_image: [['/feature/no such feature/image.nii.gz', 404, 'no such feature']],
  get_map_zarr: [['/maps/no such map/labelled.zarr/zarr.json', 404, 'no such map']],
  post_assign_image: [
    ...badImages(`/map/assign_image?${PS}`),
    ...badBodies(`/map/assign_image?${PS}`, BYTES),
    [`/map/assign_image?${PS}&connectivity=7`, 422, 'connectivity', ['x', BYTES]],
    ...badForms(`/map/assign_image?${PS}`, ['x', BYTES]),
  ],
  post_clusters: [
    ...badImages(`/map/clusters?${S}&stat_threshold=1`),
    ...badBodies(`/map/clusters?${S}&stat_threshold=1`, BYTES),
    [`/map/clusters?${S}`, 422, 'stat_threshold', ['x', BYTES]],
    ...badForms(`/map/clusters?${S}&stat_threshold=1`, ['x', BYTES]),
  ],
  post_values: [
    ...badImages(`/map/values?${PS}`),
    ...badBodies(`/map/values?${PS}`, BYTES),
    [`/map/values?${PS}&strategy=guess`, 422, 'strategy', ['x', BYTES]],
    ...badForms(`/map/values?${PS}`, ['x', BYTES]),
  ],
  post_colorized_map: [
    ...badBodies(COLORIZED, JSON_TYPE),
    [COLORIZED, 422, 'no such region', [{ values: { 'no such region': 1 } }]],
    [COLORIZED, 422, "Line 2, column value: 'high'", ['region,value\nmantle,high', CSV]],
    [COLORIZED, 422, "Line 2, column value: 'NaN'", ['region,value\nmantle,NaN', CSV]],
    [COLORIZED, 422, 'Line 1', ['name of it,value\nmantle,1', CSV]],
    [COLORIZED, 422, 'ends too early', ['{"values": {"mantle": 1', JSON_TYPE]],
    [COLORIZED, 422, 'values', [{ values: [] }]],
  ],
  post_point_density: [
    ...badPoints(DENSITY),
    ...badBodies(DENSITY, CSV),
    [`${DENSITY}&resolution_mm=0`, 422, 'resolution_mm', POINTS],
    [`${DENSITY}&sigma_mm=-1`, 422, 'sigma_mm', POINTS],
  ],
  get_task: [['/tasks/no-such-task', 404, 'no-such-task']],
  delete_task: [['/tasks/no-such-task', 404, 'no-such-task']],
  get_task_result: [['/tasks/no-such-task/result', 404, 'no-such-task']],
}

interface Operation {
  operationId: string
  'x-siibra-extension'?: boolean
  requestBody?: { content: Record<string, unknown> }
}

/** The tests, of a service that serves the demo. */
export function refusesBadInput(start: () => Promise<TestApp>): void {
  let app: TestApp
  let base = ''
  let operations: (Operation & { path: string; method: string })[] = []
  let quickMs = 0
  beforeAll(async () => {
    app = await start()
    base = await app.listen()
    const { paths } = (await app.get('/v3_0/openapi.json')).json<{ paths: Record<string, Record<string, Operation>> }>()
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, one]) => (one.operationId ? [{ ...one, path, method }] : [])),
    )
    quickMs = await timeOfAnswer()
  })
  afterAll(() => app.close())

  /** The best of several requests past the cache: what a busy machine adds to one does not count. */
  async function timeOfAnswer(): Promise<number> {
    let bestMs = Infinity
    for (let n = 0; n < 20; n++) {
      const startMs = performance.now()
      const { status } = await fetch(`${base}/v3_0/atlases`, { headers: { 'x-bypass-fastapi-cache': '1' } })
      if (status !== 200) throw new Error(`/atlases answered ${status}`)
      bestMs = Math.min(bestMs, performance.now() - startMs)
    }
    return bestMs
  }

  const isAsQuickAsBefore = async () => expect(await timeOfAnswer()).toBeLessThan(Math.max(50, 5 * quickMs))

  it('is tried on every route that is an extension', () => {
    const extensions = operations.filter((one) => one['x-siibra-extension']).map(({ operationId }) => operationId)
    expect(Object.keys(BAD).sort()).toEqual(extensions.sort())
  })

  describe.each(Object.entries(BAD))('%s', (name, all) => {
    it('refuses what it cannot use, and says why', async () => {
      for (const [path, status, says, sent, accept] of all) {
        const answer = await ask(name, path, sent, accept)
        const text = new TextDecoder().decode(answer.bytes)
        const what = `${path} ${sent ? String(sent[0]).slice(0, 60) : ''}: ${text.slice(0, 300)}`
        expect(answer.status, what).toBe(status)
        expect(JSON.stringify(errorOf(text)).replaceAll('\\"', '"'), what).toMatch(
          says instanceof RegExp ? says : new RegExp(says.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')),
        )
      }
      await isAsQuickAsBefore()
    })
  })

  function ask(name: string, path: string, sent?: Sent, accept?: string): Promise<Answer> {
    const url = encodeURI(path.startsWith('/v1/') ? path : `/v3_0${path}`).replaceAll('%25', '%')
    const headers: Record<string, string> = accept === undefined ? {} : { accept }
    if (name === 'delete_task') return app.send('DELETE', url)
    if (sent === undefined) return app.get(url, headers)
    const [body, type = {}] = sent
    return app.send('POST', url, body, { ...headers, ...type })
  }

  describe('bodies that are too much', () => {
    it('are refused before they come, where their length is told', async () => {
      for (const { path, requestBody } of operations.filter((one) => one.requestBody)) {
        const [type = ''] = Object.keys(requestBody?.content ?? {})
        const status = await statusOf(path, { 'content-type': type, 'content-length': '99999999999' })
        expect([path, status]).toEqual([path, 413])
      }
      await isAsQuickAsBefore()
    })

    it('are refused while they are inflated', async () => {
      const bomb = gzipSync(Buffer.alloc(129 * 2 ** 20))
      for (const [path, type] of [
        [ASSIGN, CSV],
        [`/map/assign_image?${PS}`, BYTES],
      ] as const) {
        const answer = await ask('', path, [bomb, { ...type, 'content-encoding': 'gzip' }])
        expect([path, answer.status]).toEqual([path, 413])
        expect(errorOf(new TextDecoder().decode(answer.bytes))).toMatchObject({ code: 'TOO_LARGE', parameter: 'body' })
      }
      await isAsQuickAsBefore()
    })

    it('that are cut off cost nothing', async () => {
      for (let n = 0; n < 20; n++) {
        const { hostname, port } = new URL(base)
        const socket = connect(Number(port), hostname)
        socket.on('error', () => {})
        const head = `POST /v3_0${encodeURI(ASSIGN)} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 5000000`
        await new Promise<void>((done) => socket.write(`${head}\r\n\r\n${'1,2,3\n'.repeat(100_000)}`, () => done()))
        socket.destroy()
      }
      await isAsQuickAsBefore()
    })
  })

  /** The status of a request that tells of a body and waits before it sends it. */
  function statusOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
    const root = path === '/transform-points' ? '/v1' : '/v3_0'
    const url = `${root}${path.replaceAll('{space_id}', SPACE)}?${PS}&target_space_id=${SPACE}&stat_threshold=1`
    return new Promise((resolve, reject) => {
      const sent = request(base + encodeURI(url), { method: 'POST', headers: { ...headers, expect: '100-continue' } })
      sent.on('response', (answer) => {
        resolve(answer.statusCode)
        sent.destroy()
      })
      sent.on('continue', () => resolve(100))
      sent.on('error', reject).flushHeaders()
    })
  }
}

function query(parameters: Record<string, string>): string {
  return new URLSearchParams(parameters).toString()
}
