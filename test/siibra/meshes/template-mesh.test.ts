import { describe, expect, it } from 'vitest'
import type { Space, Volume } from '../../../src/siibra/core/types.ts'
import { fetchTemplateMesh, otsuThreshold } from '../../../src/siibra/meshes/template-mesh.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import { createFakeAtlas, fakeSpace } from '../maps/fake-atlas.ts'

const image = (data: Float32Array | Uint8Array) => ({
  data,
  dtype: data instanceof Uint8Array ? ('uint8' as const) : ('float32' as const),
  shape: [data.length, 1, 1],
  voxelToWorldMm: identityAffine(),
})

describe('the threshold between two groups of values', () => {
  /** Reference: skimage.filters.threshold_otsu. */
  it('is the centre of the last bin of the lower group', () => {
    expect(otsuThreshold(image(Float32Array.of(0, 0, 0, 256, 256)))).toBe(0.5)
    expect(otsuThreshold(image(Float32Array.of(-128, -128, 128)))).toBe(-127.5)
    // bins of 1: 0 to 2 below, 200 to 256 above
    expect(otsuThreshold(image(Float32Array.of(0, 1, 2, 2, 200, 210, 256)))).toBe(2.5)
    expect(otsuThreshold(image(Float32Array.of(0, 1, 50, 240, 250, 256, 256)))).toBe(50.5)
  })

  it('depends on how many there are of each', () => {
    // the many in the middle go with whom they are nearer to in the sum of squares
    const few = Float32Array.of(0, 100, 256)
    const many = Float32Array.of(...new Array<number>(50).fill(0), 100, 256)
    expect(otsuThreshold(image(few))).toBe(100.5)
    expect(otsuThreshold(image(many))).toBe(100.5)
    expect(otsuThreshold(image(Float32Array.of(0, 140, ...new Array<number>(50).fill(256))))).toBe(140.5)
    expect(otsuThreshold(image(Float32Array.of(0, 0, 0, 150, 256, 256, 256)))).toBe(0.5)
  })

  it('is the value itself where there is one only, and what is not a number does not count', () => {
    expect(otsuThreshold(image(Float32Array.of(3, 3, 3)))).toBe(3)
    expect(otsuThreshold(image(Float32Array.of(Number.NaN, 0, 0, 256)))).toBe(0.5)
    expect(otsuThreshold(image(Float32Array.of(1, Infinity)))).toBe(1)
  })
})

describe('the surface of a space', () => {
  const volume = (providers: object, variant: string | null = null): Volume => ({
    name: null,
    variant,
    spaceId: fakeSpace.id,
    providers: providers as Volume['providers'],
    datasets: [],
    z: null,
  })
  const space = (volumes: Volume[]): Space => ({ ...fakeSpace, name: 'a space', volumes })
  const core = createFakeAtlas({})

  it('a variant that there is not is refused with those that there are', async () => {
    const two = space([volume({ 'gii-mesh': 'p' }, 'pial'), volume({ 'gii-mesh': 'i' }, 'inflated')])
    await expect(fetchTemplateMesh(core, two, { variant: 'white' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "variant: 'a space' has no surface 'white', only pial, inflated",
      details: { parameter: 'variant', allowed: ['pial', 'inflated'] },
    })
    const nameless = space([volume({ 'gii-mesh': 'p' })])
    await expect(fetchTemplateMesh(core, nameless, { variant: 'white' })).rejects.toThrow(
      "variant: 'a space' has no surface 'white', it has a single one without a name",
    )
  })

  it('a space of voxels has none to choose from', async () => {
    const voxels = space([volume({ nii: 'a.nii' })])
    for (const parameter of ['variant', 'fragment'])
      await expect(fetchTemplateMesh(core, voxels, { [parameter]: 'left' })).rejects.toMatchObject({
        code: 'INVALID_PARAMETER',
        message: `${parameter}: 'a space' has no surfaces to choose from`,
        details: { parameter },
      })
  })
})
