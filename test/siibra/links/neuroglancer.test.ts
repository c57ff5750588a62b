import { expect, test } from 'vitest'
import type { ParcellationMap, Region, Space, Volume } from '../../../src/siibra/index.ts'
import { loadNeuroglancerState, neuroglancerUrl } from '../../../src/siibra/links/neuroglancer.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'

const volume = (providers: Volume['providers'], z: number | null = null) => ({ providers, z }) as Volume
const region = (name: string, rgb: string | null = null, children: Region[] = []) =>
  ({ name, rgb, children }) as unknown as Region
const left = region('A left', '#ff0000')
const right = region('A right')
const whole = region('A', null, [left, right])
const nii = (name: string) => ({ nii: `https://example.org/${name}.nii` })
const space = { name: 'Template', volumes: [volume(nii('template')), volume(nii('another'))] } as unknown as Space
const index = (number: number, label: number | null, fragment: string | null = null) => [
  { volume: number, label, fragment },
]
const mapOf = (mapType: ParcellationMap['mapType'], volumes: Volume[], indices: [string, ReturnType<typeof index>][]) =>
  ({ name: 'Map', mapType, volumes, indices: new Map(indices) }) as unknown as ParcellationMap

/** A transform that moves by 5 nm along x, for the volume below https://example.org/moved. */
const retrieval = standInRetrieval({
  store: {
    get: async (url: string) =>
      url === 'https://example.org/moved/transform.json'
        ? new TextEncoder().encode('[[1,0,0,5],[0,1,0,0],[0,0,1,0],[0,0,0,1]]')
        : undefined,
  },
})

const load = (map: ParcellationMap | undefined, of = whole, centreMm?: [number, number, number]) =>
  loadNeuroglancerState(retrieval, { space, map, region: of, centreMm })

test('without a map there is the first template, at the origin', async () => {
  const state = await load(undefined)
  expect(state.position).toEqual([0, 0, 0])
  expect(state.layers).toEqual([
    { type: 'image', name: 'Template', source: { url: 'nifti://https://example.org/template.nii' } },
  ])
  expect(state).not.toHaveProperty('selectedLayer')
  expect(neuroglancerUrl(state)).toBe(
    `https://neuroglancer-demo.appspot.com/#!${encodeURIComponent(JSON.stringify(state))}`,
  )
})

test('of a labelled map the labels of the region and its parts are selected; what draws nothing of it is hidden', async () => {
  const map = mapOf(
    'LABELLED',
    [volume(nii('hemispheres')), volume(nii('others'))],
    [
      ['A left', index(0, 7)],
      ['A right', index(0, 8)],
      ['B', index(0, 9)],
      ['C', index(1, 1)],
    ],
  )
  const state = await load(map, whole, [1, -2, 0.5])
  expect(state.position).toEqual([1e6, -2e6, 5e5])
  expect(state.layers.slice(1)).toEqual([
    {
      type: 'segmentation',
      name: 'Map, volume 0',
      segments: ['7', '8'],
      segmentColors: { 7: '#ff0000' },
      visible: true,
      source: { url: 'nifti://https://example.org/hemispheres.nii' },
    },
    expect.objectContaining({ name: 'Map, volume 1', segments: [], visible: false }),
  ])
  expect(state.selectedLayer).toEqual({ layer: 'Map, volume 0', visible: true })
  expect((await load(map, right)).layers[1]).toMatchObject({ segments: ['8'], segmentColors: {} })
  expect(await load(map, region('D'))).not.toHaveProperty('selectedLayer')
})

test('of a statistical map only the images of the region are shown, none of 4D files', async () => {
  const map = mapOf(
    'STATISTICAL',
    [volume(nii('left')), volume(nii('other')), volume(nii('all'), 3)],
    [
      ['A left', index(0, null)],
      ['B', index(1, null)],
      ['A right', index(2, null)],
    ],
  )
  expect((await load(map)).layers.slice(1)).toEqual([
    { type: 'image', name: 'Map, volume 0', source: { url: 'nifti://https://example.org/left.nii' } },
  ])
})

test('fragments have layers of their own, and precomputed volumes their place', async () => {
  const sides = { 'neuroglancer/precomputed': { l: 'https://example.org/moved', r: 'https://example.org/there' } }
  const map = mapOf(
    'LABELLED',
    [volume(sides)],
    [
      ['A left', index(0, 1, 'l')],
      ['A right', index(0, 1, 'r')],
      ['B', index(0, 1)],
      ['C', index(0, 1, 'neither')],
    ],
  )
  const { layers } = await load(map)
  expect(layers.slice(1).map(({ name, source }) => [name, source])).toEqual([
    [
      'Map, l',
      {
        url: 'precomputed://https://example.org/moved',
        transform: expect.objectContaining({
          matrix: [
            [1, 0, 0, 5],
            [0, 1, 0, 0],
            [0, 0, 1, 0],
          ],
        }),
      },
    ],
    ['Map, r', { url: 'precomputed://https://example.org/there' }],
    ['Map', expect.objectContaining({ url: 'precomputed://https://example.org/moved' })],
  ])
})
