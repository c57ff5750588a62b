import { expect, it } from 'vitest'
import { createMatcher } from '../../../src/server/routes/match.ts'
import { routeTable } from '../../../src/server/routes/table.ts'

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
