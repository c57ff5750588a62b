import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { meshOfImage } from '../../../src/siibra/meshes/mask-mesh.ts'
import { enclosedVolume, isClosed } from '../../../src/siibra/meshes/measure.ts'
import { decodeNifti } from '../../../src/siibra/volumes/nifti/decode.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/meshes/${name}`, import.meta.url))
const expected = JSON.parse(fixture('expected.json').toString())

it('the surface of a mask is that of skimage and trimesh, closed', () => {
  const mesh = meshOfImage(decodeNifti(fixture('mask.nii.gz')))
  expect(isClosed(mesh)).toBe(true)
  expect(mesh.vertices.length / 3).toBe(expected.vertices)
  // ambiguous faces are cut in one of two ways
  expect(enclosedVolume(mesh) / expected.volume_mm3).toBeCloseTo(1, 2)
  const axes = [0, 1, 2].map((axis) => mesh.vertices.filter((_, at) => at % 3 === axis))
  const bounds = [axes.map((values) => Math.min(...values)), axes.map((values) => Math.max(...values))]
  expect(bounds).toEqual(expected.bounds_mm)
})
