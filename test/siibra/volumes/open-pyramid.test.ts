import { expect, it } from 'vitest'
import { openPyramid, pyramidSourceOf } from '../../../src/siibra/volumes/open-pyramid.ts'
import { createMemoryStore } from './fixtures.ts'
import { volumeOf } from './recording.ts'

it('a volume is a pyramid where one address has all of it', () => {
  const source = (providers: object) => pyramidSourceOf(volumeOf(providers as never))
  expect(source({ 'neuroglancer/precomputed': 'a' })).toEqual({ format: 'neuroglancer/precomputed', url: 'a' })
  expect(source({ nii: 'b', 'ome-zarr': 'c' })).toEqual({ format: 'ome-zarr', url: 'c' })
  expect(source({ 'neuroglancer/precomputed': { left: 'a', right: 'b' } })).toBeUndefined()
  expect(source({ nii: 'b' })).toBeUndefined()
})

it.each(['neuroglancer/precomputed', 'ome-zarr', 'zarr'] as const)(
  'of %s there is none where nothing is',
  async (format) => {
    const opening = openPyramid(createMemoryStore({}), { format, url: 'https://a.org/a' })
    await expect(opening).rejects.toMatchObject({ code: 'NOT_FOUND' })
  },
)
