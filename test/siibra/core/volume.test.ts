import { expect, test } from 'vitest'
import { parseSurfaceUrl, volumeFormats, volumeFragments } from '../../../src/siibra/core/volume.ts'
import type { Volume } from '../../../src/siibra/index.ts'

const volume = (providers: object, z: number | null = null) => ({ providers, z }) as Volume
const sides = { left: 'l', right: 'r' }

test.each([
  [['nii'], ['nii', 'image']],
  [['gii-mesh'], ['gii-mesh', 'mesh']],
  [['freesurfer-annot'], ['freesurfer-annot', 'mesh']],
  [
    ['neuroglancer/precomputed', 'neuroglancer/precompmesh'],
    ['neuroglancer/precomputed', 'neuroglancer/precompmesh', 'image', 'mesh'],
  ],
  [[], []],
])('providers %j are listed as %j', (formats, listed) => {
  expect(volumeFormats(volume(Object.fromEntries(formats.map((format) => [format, 'u']))))).toEqual(listed)
})

test.each<[string, Volume, object]>([
  ['of voxels', volume({ nii: sides }), { image: ['left', 'right'] }],
  [
    'of a mesh',
    volume({ 'gii-mesh': sides, 'zip/freesurfer-annot': { both: 'b' } }),
    { mesh: ['left', 'right', 'both'] },
  ],
  ['of both', volume({ nii: { whole: 'w' }, 'gii-mesh': sides }), { image: ['whole'], mesh: ['left', 'right'] }],
  ['that nobody tells', volume({ 'neuroglancer/precomputed': sides, 'gii-label': sides }), {}],
  ['that are none', volume({ nii: 'u' }), {}],
  ['of a part of a 4D volume', volume({ nii: sides }, 3), {}],
])('fragments %s', (_, of, fragments) => {
  expect(volumeFragments(of)).toEqual(fragments)
})

test('a precomputed surface has a URL and a label', () => {
  expect(parseSurfaceUrl('https://example.org/mesh 12')).toEqual({ url: 'https://example.org/mesh', label: 12 })
})
