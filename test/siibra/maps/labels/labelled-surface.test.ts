import { expect, test } from 'vitest'
import { fetchLabelledSurface } from '../../../../src/siibra/maps/labels/labelled-surface.ts'
import { fetchMesh, fetchSurfaceLabels } from '../../../../src/siibra/volumes/read-mesh.ts'
import { loadDemo } from '../../../demo/demo-core.ts'

const core = await loadDemo()
const map = core.maps.all.find(({ volumes }) => volumes[0]!.providers['gii-label'])!
const [labels] = map.volumes
const [template] = map.space.volumes

test('a parcellation on a surface: a label for each vertex, all of them of regions', async () => {
  const surface = await fetchLabelledSurface(core, map)
  expect(surface.labels.length * 3).toBe(surface.vertices.length)
  expect(Math.max(...surface.faces)).toBeLessThan(surface.labels.length)
  const known = new Set([0, ...[...map.indices.values()].flat().map(({ label }) => label)])
  expect([...new Set(surface.labels)].every((label) => known.has(label))).toBe(true)
  expect(surface.labels.some((label) => label > 0)).toBe(true)
})

test('fragments one after the other, or one of them', async () => {
  const fragments = Object.keys(labels!.providers['gii-label']!)
  const parts = await Promise.all(fragments.map((fragment) => fetchLabelledSurface(core, map, { fragment })))
  const whole = await fetchLabelledSurface(core, map)
  expect(parts.flatMap((part) => [...part.labels])).toEqual([...whole.labels])
  expect(parts.flatMap((part) => [...part.vertices])).toEqual([...whole.vertices])
  await expect(fetchLabelledSurface(core, map, { fragment: 'middle' })).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
    details: { allowed: fragments },
  })
})

test('a variant that there is not', async () => {
  await expect(fetchLabelledSurface(core, map, { variant: 'crumpled' })).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
  })
})

test('labels of another surface are refused, with how many there are of each', async () => {
  const [one, two] = Object.entries(labels!.providers['gii-label']!) as [string, string][]
  const { labels: ofOne } = await fetchLabelledSurface(core, map, { fragment: one![0] })
  const { labels: all } = await fetchLabelledSurface(core, map)
  const parted = { ...labels!, providers: { 'gii-label': { [one![0]]: one![1], [two![0]]: two![1], third: one![1] } } }
  await expect(fetchLabelledSurface(core, { ...map, volumes: [parted] })).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: `The map '${map.name}': ${all.length + ofOne.length} labels, but the surface has ${all.length} vertices`,
  })
})

test('voxels are no surface, a template has no labels', async () => {
  const voxels = core.maps.all.find(({ volumes }) => volumes[0]!.providers.nii)!
  await expect(fetchLabelledSurface(core, voxels)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  await expect(fetchSurfaceLabels(core.retrieval, template!)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
})

test('the mesh of a segment needs its label', async () => {
  const volume = core.maps.all
    .flatMap(({ volumes }) => volumes)
    .find(({ providers }) => providers['neuroglancer/precompmesh'])
  if (!volume) return
  await expect(fetchMesh(core.retrieval, volume)).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
})
