import { expect, test } from 'vitest'
import { routeTable } from '../../../src/server/routes/table.ts'

const namesOf = (isSo: (route: (typeof routeTable)[number]) => unknown) =>
  routeTable.filter(isSo).map(({ name }) => name)

test('what computes a whole volume, a mesh or a picture keeps its thread for long', () => {
  expect(namesOf(({ task }) => task.isHeavy?.({}))).toEqual([
    ...['get_resampled_map', 'get_parcellation_labelled_map', 'post_assign_points', 'post_warp_points'],
    ...['get_slice_png', 'get_slice_svg', 'get_picture_png'],
    ...['gii', 'glb', 'obj'].flatMap((form) => [`get_region_mesh_${form}`, `get_template_mesh_${form}`]),
    ...['get_map_overlap', 'get_template_cutout', 'get_feature_image', 'post_assign_image', 'post_clusters'],
    ...['post_values', 'post_colorized_map', 'post_point_density'],
  ])
  // some only with a parameter
  const isHeavy = (name: string, params: object) =>
    routeTable.find((route) => route.name === name)?.task.isHeavy?.({ ...params })
  expect([isHeavy('get_feature_matrix', {}), isHeavy('get_feature_matrix', { gene: 'MAOA' })]).toEqual([false, true])
  expect([isHeavy('get_region_table', {}), isHeavy('get_region_table', { space_id: 's' })]).toEqual([false, true])
})

test('bodies have bounds of their own, in MiB', () => {
  const bounds = routeTable.flatMap(({ name, body }) => (body ? [[name, body.maxBytes / 2 ** 20]] : []))
  expect(Object.fromEntries(bounds)).toEqual({
    post_assign_points: 128,
    post_warp_points: 128,
    transform_points: 128,
    post_assign_image: 64,
    post_clusters: 64,
    post_values: 1024,
    post_colorized_map: 128,
    post_point_density: 128,
  })
})

test('of the forms of a mesh one is a tool', () => {
  expect(namesOf(({ tool }) => tool === 'mesh_file')).toEqual(['get_region_mesh_glb'])
  expect(namesOf(({ tool, path }) => tool && path.includes('mesh'))).toEqual(['get_region_mesh_glb'])
})
