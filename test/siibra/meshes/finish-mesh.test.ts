import { describe, expect, it } from 'vitest'
import { type FinishOptions, finishMesh } from '../../../src/siibra/meshes/finish-mesh.ts'
import { meshOfImage } from '../../../src/siibra/meshes/mask-mesh.ts'
import { smoothMesh } from '../../../src/siibra/meshes/smooth.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import { decodeGiftiMesh } from '../../../src/siibra/volumes/surfaces/gifti.ts'

const block = { data: new Uint8Array(216).fill(1), dtype: 'uint8' as const, shape: [6, 6, 6] }
const mesh = meshOfImage({ ...block, voxelToWorldMm: identityAffine() })

describe('a mesh as a file', () => {
  const read = async (options: Omit<FinishOptions, 'form' | 'name'> = {}) =>
    decodeGiftiMesh(await finishMesh(mesh, { form: 'gii', name: 'a block', ...options }))

  it('is as it was where nothing else is asked for', async () => {
    expect(await read()).toEqual({ vertices: mesh.vertices, faces: mesh.faces })
  })

  it('is smoothed, and has fewer triangles', async () => {
    expect((await read({ smoothRounds: 1 })).vertices).toEqual(smoothMesh(mesh, 1).vertices)
    expect((await read({ share: 0.5 })).faces.length / mesh.faces.length).toBeCloseTo(0.5, 1)
  })

  it.each([
    ['obj', /^o a block\nv /],
    ['gii', /^<\?xml/],
    ['glb', /^glTF/],
  ] as const)('has the form of %s', async (form, begin) => {
    const bytes = await finishMesh(mesh, { form, name: 'a block', meta: { space: 'a space' }, rgb: [1, 0, 0] })
    expect(Buffer.from(bytes).toString('latin1')).toMatch(begin)
  })
})
