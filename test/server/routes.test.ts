import { afterAll, describe, expect, test } from 'vitest'
import { parameterSpecs } from '../../src/server/http/parameters/params.ts'
import { isAdded } from '../../src/server/routes/additions.ts'
import { createMatcher } from '../../src/server/routes/match.ts'
import { routeTable } from '../../src/server/routes/table.ts'
import { createFakeApp, errorOf } from './fake-app.ts'

const { app, calls, close } = createFakeApp({ without: ['feature_types'] })
afterAll(close)

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })
const calledWith = async (url: string) => {
  calls.length = 0
  const { statusCode } = await get(url, { 'x-bypass-fastapi-cache': '1' })
  return statusCode === 200 ? calls[0] : statusCode
}

/**
 * Of the OpenAPI document of siibra-api 0.3.35: paths, and query parameters with `*` where they are required. One differs: `/regions` needs its
 * parcellation only where nothing is searched for (`find`).
 */
const RECORDED: Record<string, string> = {
  '/atlases': 'page size',
  '/atlases/{atlas_id}': '',
  '/spaces': 'page size',
  '/spaces/{space_id}': '',
  '/parcellations': 'page size',
  '/parcellations/{parcellation_id}': '',
  '/regions': 'parcellation_id find page size',
  '/regions/{region_id}/features': 'parcellation_id* page size',
  '/regions/{region_id}/related': 'parcellation_id* page size',
  '/regions/{region_id}': 'parcellation_id* space_id',
  '/map': 'parcellation_id* space_id* map_type*',
  '/map/resampled_template': 'parcellation_id* space_id* name',
  '/map/labelled_map.nii.gz': 'parcellation_id* space_id* region_id',
  '/map/statistical_map.nii.gz': 'parcellation_id* region_id* space_id* name',
  '/map/statistical_map.info.json': 'parcellation_id* region_id* space_id* name',
  '/map/assign': 'parcellation_id* space_id* point* assignment_type sigma_mm',
  '/maps': 'parcellation_id space_id map_type page size',
  '/maps/{map_id}': '',
  '/atlas_download': 'space_id parcellation_id bbox region_id feature_id strict_mode',
  '/feature/_types': 'page size',
  '/feature/RegionalConnectivity': 'parcellation_id* type page size',
  '/feature/RegionalConnectivity/{feature_id}': 'parcellation_id* subject type',
  '/feature/CorticalProfile': 'parcellation_id* region_id* type page size',
  '/feature/CorticalProfile/{feature_id}': 'parcellation_id* region_id* type',
  '/feature/Tabular': 'parcellation_id* region_id* type page size',
  '/feature/Tabular/{feature_id}': 'parcellation_id* region_id* type',
  '/feature/Image': 'space_id* bbox type page size',
  '/feature/GeneExpressions': 'parcellation_id* region_id* gene* page size',
  '/feature/GeneExpressions/{feature_id}': 'parcellation_id* region_id* gene* page size',
  '/feature/EbrainsDataFeature': 'parcellation_id* region_id* page size',
  '/feature/EbrainsDataFeature/{feature_id}': 'parcellation_id* region_id* page size',
  '/feature/{feature_id}': '',
  '/feature/{feature_id}/plotly': 'template',
  '/feature/{feature_id}/download': '',
  '/vocabularies/genes': 'find page size',
}

/** Followed by their ids; the recorded document tells no parameters of them. */
const RECORDED_TASKS = ['/atlas_download/{task_id}', '/atlas_download/{task_id}/download']

describe('the route table', () => {
  test('marks every route that the recorded document does not have with `extension`', () => {
    const unmarked = routeTable.filter(({ extension }) => !extension).map(({ path }) => path)
    expect(unmarked.sort()).toEqual([...Object.keys(RECORDED), ...RECORDED_TASKS].sort())
  })

  test.each(Object.entries(RECORDED))('has %s with the recorded parameters', (path, recorded) => {
    const route = routeTable.find((candidate) => candidate.path === path)!
    const query = parameterSpecs(route).filter((spec) => spec.in === 'query')
    const known = new Map(query.map((spec) => [spec.name, spec.isRequired]))
    for (const word of recorded.split(' ').filter(Boolean)) {
      expect(known.get(word.replace('*', '')), word).toBe(word.endsWith('*'))
    }
    // what we read beside them is told to be an addition, and optional
    const ofContract = recorded.replaceAll('*', '').split(' ')
    for (const { name } of query) expect([name, isAdded(route, name)]).toEqual([name, !ofContract.includes(name)])
    const required = query.filter(({ isRequired }) => isRequired).map(({ name }) => `${name}*`)
    expect(required.sort()).toEqual(
      recorded
        .split(' ')
        .filter((word) => word.endsWith('*'))
        .sort(),
    )
  })

  test('has names, paths and Python code of its own for every route', () => {
    expect(new Set(routeTable.map(({ name }) => name)).size).toBe(routeTable.length)
    expect(new Set(routeTable.map(({ method, path }) => `${method} ${path}`)).size).toBe(routeTable.length)
    // what siibra-python cannot do has none
    expect(routeTable.every(({ python, extension }) => python || extension)).toBe(true)
  })

  test('keeps no answers of routes that take bodies', () => {
    for (const { name, method, body, cache } of routeTable) {
      expect(body !== undefined, name).toBe(method === 'POST')
      if (method !== 'GET') expect(cache, name).toEqual({ kind: 'never' })
    }
  })

  test('serves plots and downloads of features under v1_0, too, and nothing else', () => {
    const old = routeTable.filter(({ versions }) => versions.some((version) => version === 'v1_0'))
    expect(old.map(({ path }) => path)).toEqual(['/feature/{feature_id}/plotly', '/feature/{feature_id}/download'])
  })
})

describe('matching of paths', () => {
  const match = createMatcher(routeTable)
  test.each([
    ['/regions/Area 4p (PreCG) left', 'get_single_regions', 'Area 4p (PreCG) left'],
    ['/regions/layer 2/3/related', 'get_related_region', 'layer 2/3'],
    ['/regions/a/related/features', 'get_all_features_region', 'a/related'],
    ['/parcellations/https://identifiers.org/x//y', 'get_single_parcellation', 'https://identifiers.org/x//y'],
    ['/feature/_types', 'get_all_feature_types', undefined],
    ['/feature/Tabular/x', 'get_single_tabular', 'x'],
    ['/feature/Tabular/x/plotly', 'get_single_feature_plot', 'Tabular/x'],
    ['/feature/lq0::X::p:minds/core//download', 'get_single_feature_download', 'lq0::X::p:minds/core/'],
    ['/feature/Tabularx', 'get_single_feature', 'Tabularx'],
    ['/spaces/', 'get_single_space', ''],
    ['/regions/related', 'get_single_regions', 'related'],
  ])('%s is %s', (path, name, id) => {
    const found = match('v3_0', path)
    expect(found?.route.name).toBe(name)
    expect(Object.values(found?.pathParams ?? {})[0]).toBe(id)
  })

  test('knows nothing else', () => {
    for (const path of ['/nope', '', '/', '/atlas', '/regionsx', '/map/nope', '/Atlases'])
      expect(match('v3_0', path), path).toBeUndefined()
    expect(match('v1_0', '/atlases')).toBeUndefined()
  })
})

describe('requests', () => {
  test('ids come with raw or encoded slashes', async () => {
    const expected = { task: 'single_space', params: { space_id: 'minds/core//https://x y' } }
    expect(await calledWith('/v3_0/spaces/minds/core//https://x%20y')).toEqual(expected)
    expect(await calledWith('/v3_0/spaces/minds%2Fcore%2F%2Fhttps%3A%2F%2Fx%20y')).toEqual(expected)
  })

  test('stray percent signs stand for themselves', async () => {
    expect(await calledWith('/v3_0/spaces/100%')).toMatchObject({ params: { space_id: '100%' } })
    expect(await calledWith('/v3_0/spaces/a%ffb')).toMatchObject({ params: { space_id: 'a\ufffdb' } })
  })

  test('plus is a blank in queries, not in paths', async () => {
    expect(await calledWith('/v3_0/regions/a+b?parcellation_id=x+y%2Bz')).toMatchObject({
      params: { region_id: 'a+b', parcellation_id: 'x y+z' },
    })
  })

  test('defaults are filled in, the last of a repeated parameter counts, unknown ones are left out', async () => {
    expect(await calledWith('/v3_0/regions?parcellation_id=a&parcellation_id=b&size=7&size=9&utm=1')).toEqual({
      task: 'all_regions',
      params: { parcellation_id: 'b', page: 1, size: 9 },
    })
  })

  test('routes of one task tell it which they are', async () => {
    expect(await calledWith('/v3_0/feature/Image?space_id=s&bbox=b')).toEqual({
      task: 'all_features',
      params: { category: 'Image', space_id: 's', bbox: 'b', page: 1, size: 50 },
    })
  })

  test.each([
    ['/v3_0/regions', ['parcellation_id'], 'field required'],
    ['/v3_0/feature/Tabular', ['parcellation_id', 'region_id'], 'field required'],
    ['/v3_0/atlases?page=0', ['page'], 'greater than or equal to 1'],
    ['/v3_0/atlases?size=101', ['size'], 'less than or equal to 100'],
    ['/v3_0/atlases?size=', ['size'], 'not a valid integer'],
    ['/v3_0/atlases?page=1.5', ['page'], 'not a valid integer'],
    ['/v3_0/maps?map_type=labelled', ['map_type'], "'LABELLED', 'STATISTICAL'"],
    ['/v3_0/feature/x/plotly?template=pink', ['template'], "'plotly_dark'"],
    ['/v3_0/map/assign?parcellation_id=a&space_id=b&point=c&sigma_mm=nan', ['sigma_mm'], 'not a valid float'],
    ['/v3_0/map/assign?parcellation_id=a&space_id=b&point=c&sigma_mm=0x10', ['sigma_mm'], 'not a valid float'],
    ['/v3_0/map/assign?parcellation_id=a&space_id=b&point=c&sigma_mm=0b1', ['sigma_mm'], 'not a valid float'],
  ])('%s is 422 and names what is wrong', async (url, names, text) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(422)
    const detail = errorOf(answer.body).detail as { loc: [string, string]; msg: string }[]
    expect(detail.map(({ loc }) => loc)).toEqual(names.map((name) => ['query', name]))
    expect(detail[0]?.msg).toContain(text)
  })

  test('an id of 4,096 bytes is fine, a longer one is refused, in the path and in the query', async () => {
    const id = 'é'.repeat(2048)
    expect(await calledWith(`/v3_0/spaces/${encodeURIComponent(id)}`)).toMatchObject({ params: { space_id: id } })
    for (const long of ['x'.repeat(4097), 'é'.repeat(2049), 'x'.repeat(10_000)]) {
      const inPath = await get(`/v3_0/spaces/${encodeURIComponent(long)}`)
      expect(inPath.statusCode).toBe(414)
      expect(JSON.stringify(errorOf(inPath.body).detail)).toContain('space_id')
      expect((await get(`/v3_0/regions?parcellation_id=${encodeURIComponent(long)}`)).statusCode).toBe(422)
    }
  })

  test('a task without a handler is 501', async () => {
    const answer = await get('/v3_0/feature/_types')
    expect(answer.statusCode).toBe(501)
    expect(errorOf(answer.body)).toMatchObject({ code: 'NOT_IMPLEMENTED' })
  })

  test.each(['/nope', '/v3_0/nope', '/v3_0/', '/v2_0/atlases', '/atlases', '/V3_0/atlases', '/static/../package.json'])(
    '%s is 404',
    async (url) => {
      const answer = await get(url)
      expect(answer.statusCode).toBe(404)
      expect(errorOf(answer.body).detail).toMatch(/^Not Found\./)
      expect(errorOf(answer.body)).toMatchObject({ code: 'NOT_FOUND', documentation: '/v3_0/docs' })
    },
  )

  test.each([
    ['/v3_0/atlasses', '/v3_0/atlases'],
    ['/v3_0/region/Area%20hOc1/features', '/v3_0/regions/{region_id}/features'],
    ['/v3_0/mapp/asign', '/v3_0/map/assign'],
    ['/v2_0/parcelation/x', '/v3_0/parcellations/{parcellation_id}'],
    ['/map/labeled_map.nii.gz', '/v3_0/map/labelled_map.nii.gz'],
    ['/v3_0/vocabulary/genes?find=x', '/v3_0/vocabularies/genes'],
  ])('%s may have meant %s', async (url, meant) => {
    const error = errorOf((await get(url)).body)
    expect((error.similar as string[])[0]).toBe(meant)
    expect(error.detail).toContain(`'${meant}'`)
  })

  test('a path that is like none gets no suggestion, however long it is', async () => {
    for (const url of ['/v3_0/xyz', `/v3_0/${'a/'.repeat(5000)}`])
      expect(errorOf((await get(url)).body).similar, url).toEqual([])
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is 405 where GET works, else 404', async (method) => {
    for (const url of ['/v3_0/atlases', '/v3_0/regions/a/b/related', '/about', '/ready', '/v3_0/openapi.json']) {
      const answer = await app.inject({ method, url, headers: { 'content-type': 'text/odd' }, payload: '{' })
      expect(answer.statusCode, url).toBe(405)
      expect(answer.headers.allow).toBe('GET, HEAD')
      expect(errorOf(answer.body).detail).toBe('Method Not Allowed')
    }
    expect((await app.inject({ method, url: '/v3_0/nope' })).statusCode).toBe(404)
  })

  test('HEAD gives the head of GET', async () => {
    const [head, full] = [await app.inject({ method: 'HEAD', url: '/v3_0/atlases' }), await get('/v3_0/atlases')]
    expect(head.statusCode).toBe(200)
    expect(head.body).toBe('')
    expect(head.headers['content-length']).toBe(full.headers['content-length'])
    expect(head.headers.etag).toBe(full.headers.etag)
  })
})
