import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { similarRoutes } from '../../../src/server/routes/features/similar.ts'
import { postSummary, withPostSettings } from '../../../src/server/routes/post-settings.ts'
import { routeOf } from '../route-of.ts'

describe('routes that take bodies', () => {
  const body = { accepts: { 'application/json': { schema: Type.Object({}) } }, maxBytes: 100 }
  const get = routeOf()
  const [post, other] = [routeOf({ method: 'POST', body }), routeOf({ method: 'POST', path: '/others', body })]
  const bare = routeOf({ method: 'POST', path: '/bare' })
  const all = [get, post, other, bare]
  const served = (takesPosts: boolean, postLimits: Record<string, number> = {}) =>
    withPostSettings(all, { takesPosts, postLimits } as Parameters<typeof withPostSettings>[1])

  test('are served as they are, or with lower limits, or not at all', () => {
    expect(served(true)).toEqual(all)
    expect(served(false)).toEqual([get])
    expect(served(true, { '/things': 0 })).toEqual([get, other, bare])
    expect(served(true, { '/things': 99, '/others': 101, '/bare': 5 })).toEqual([
      get,
      { ...post, body: { ...body, maxBytes: 99 } },
      other,
      bare,
    ])
  })

  test('are told of', () => {
    expect(postSummary(all)).toEqual({ isOn: true, maxBytes: { '/v3_0/things': 100, '/v3_0/others': 100 } })
    expect(postSummary([get, bare])).toEqual({ isOn: false, maxBytes: {} })
  })
})

describe('routes that a path may have meant', () => {
  const paths = ['/atlases', '/atlases/{atlas_id}', '/regions/{region_id}/related', '/feature/_types', '/map/slice.png']
  const routes = paths.map((path) => routeOf({ path }))
  test.each([
    ['/v3_0/atlasses', ['/v3_0/atlases']],
    ['/ATLASE', ['/v3_0/atlases']],
    ['/v3_0/atlasses/a', ['/v3_0/atlases/{atlas_id}']],
    ['/region/a/b/relatd', ['/v3_0/regions/{region_id}/related']],
    ['/regions/related', []],
    ['/feature/types', ['/v3_0/feature/_types']],
    ['/xyz', []],
    [`/atlasses/${'x'.repeat(290)}`, ['/v3_0/atlases/{atlas_id}']],
    [`/atlasses/${'x'.repeat(291)}`, []],
  ])('of %s: %j', (path, similar) => expect(similarRoutes(routes, path)).toEqual(similar))

  test('are three, the most similar first', () => {
    const alike = ['/parcellationsx', '/parcellationsyz', '/parcellations', '/parcellationsz', '/other'].map((path) =>
      routeOf({ path }),
    )
    expect(similarRoutes(alike, '/parcellation').slice(0, 1)).toEqual(['/v3_0/parcellations'])
    expect(similarRoutes(alike, '/parcellation')).toHaveLength(3)
  })
})
