import { expect, it } from 'vitest'
import { createMatcher } from '../../../src/server/routes/match.ts'
import { routeTable } from '../../../src/server/routes/table.ts'
import { routeOf } from '../route-of.ts'

const match = createMatcher(routeTable)

it.each([
  ['/maps/a/b', 'single_map', { map_id: 'a/b' }],
  ['/maps/a/b/labelled.zarr/0/1/2/3', 'get_map_zarr', { map_id: 'a/b', key: '0/1/2/3' }],
  ['/maps/a/labelled.zarr/b/labelled.zarr/.zattrs', 'get_map_zarr', { map_id: 'a/labelled.zarr/b', key: '.zattrs' }],
  ['/feature/x/plotly', 'get_single_feature_plot', { feature_id: 'x' }],
  ['/feature/x/y', 'get_single_feature', { feature_id: 'x/y' }],
  ['/feature/x/image.nii.gz', 'get_feature_image', { feature_id: 'x' }],
])('%s is %s', (path, name, pathParams) => {
  expect(match('v3_0', path)).toMatchObject({ route: { name }, pathParams })
})

const PATHS = ['/a', '/a{x}', '/longer{x}', '/a{x}z', '/ab{x}z', '/l{x}z', '/p/{x}/q/{y}/r']
const own = createMatcher(PATHS.map((path) => routeOf({ path })))
it.each([
  ['/a', '/a', {}],
  ['/ac', '/a{x}', { x: 'c' }],
  ['/az', '/a{x}z', { x: '' }],
  // text behind counts for more than text before, however long
  ['/longerz', '/l{x}z', { x: 'onger' }],
  ['/longera', '/longer{x}', { x: 'a' }],
  // of equal text behind the parameter, the longer one before it wins
  ['/abz', '/ab{x}z', { x: '' }],
  ['/abcz', '/ab{x}z', { x: 'c' }],
  ['/acz', '/a{x}z', { x: 'c' }],
  ['/p/1/q/2/r', '/p/{x}/q/{y}/r', { x: '1', y: '2' }],
  ['/p//q//r', '/p/{x}/q/{y}/r', { x: '', y: '' }],
  ['/p/1/q/2/q/3/r', '/p/{x}/q/{y}/r', { x: '1/q/2', y: '3' }],
  ['/p/1/q/r', undefined, undefined],
  ['/p/q/r', undefined, undefined],
  ['/p/1/2/r', undefined, undefined],
  ['/b', undefined, undefined],
])('%s is a path of %s', (path, expected, pathParams) => {
  const found = own('v3_0', path)
  expect([found?.route.path, found?.pathParams]).toEqual([expected, pathParams])
  expect(own('v1_0', path)).toBeUndefined()
})

it('what begins and ends as a path does, and is shorter than both, is none', () => {
  const match = createMatcher([routeOf({ path: '/aba{x}aba' })])
  expect([match('v3_0', '/aba'), match('v3_0', '/ababa')]).toEqual([undefined, undefined])
  expect(match('v3_0', '/abaaba')?.pathParams).toEqual({ x: '' })
})
