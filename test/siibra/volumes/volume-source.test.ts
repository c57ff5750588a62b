import { describe, expect, it } from 'vitest'
import type { Volume } from '../../../src/siibra/core/types.ts'
import { type ErrorCode, SiibraError } from '../../../src/siibra/errors.ts'
import { fromAnyProvider, isAwayOrUnreadable } from '../../../src/siibra/volumes/next-provider.ts'
import { locateVoxels } from '../../../src/siibra/volumes/volume-source.ts'

const volume = (providers: object, name: string | null = null): Volume => ({
  name,
  variant: null,
  spaceId: null,
  providers: providers as Volume['providers'],
  datasets: [],
  z: null,
})
const thrownBy = (act: () => unknown) => {
  try {
    act()
  } catch (thrown) {
    return thrown
  }
  return undefined
}

describe('the files of the voxels of a volume', () => {
  const sides = volume({ nii: { 'left hemisphere': 'l.nii', 'right hemisphere': 'r.nii' } })

  it('one file', () => {
    expect(locateVoxels(volume({ nii: 'a.nii' }), null)).toEqual({ format: 'nii', urls: ['a.nii'] })
  })

  it('all fragments, or the one that is asked for by a part of its name', () => {
    expect(locateVoxels(sides, null).urls).toEqual(['l.nii', 'r.nii'])
    expect(locateVoxels(sides, 'RIGHT').urls).toEqual(['r.nii'])
    expect(locateVoxels(volume({ nii: { only: 'o.nii' } }), null).urls).toEqual(['o.nii'])
  })

  it('a fragment that there is not, or that several could be, is refused with those that there are', () => {
    for (const fragment of ['hemisphere', 'middle'])
      expect(thrownBy(() => locateVoxels(sides, fragment))).toMatchObject({
        code: 'INVALID_PARAMETER',
        message: `Fragment '${fragment}' is not one of left hemisphere, right hemisphere`,
        details: { parameter: 'fragment', allowed: ['left hemisphere', 'right hemisphere'] },
      })
  })

  it('none of a surface, and it is said what there is', () => {
    expect(thrownBy(() => locateVoxels(volume({ 'gii-mesh': 'a.gii' }, 'pial'), null))).toMatchObject({
      code: 'NOT_AVAILABLE',
      message: "The volume 'pial' has no voxels, only gii-mesh",
    })
    expect(thrownBy(() => locateVoxels(volume({}), null))).toMatchObject({
      message: 'The volume has no voxels, only unknown formats',
    })
  })
})

describe('the providers of a volume', () => {
  const both = volume({ nii: 'a.nii', 'neuroglancer/precomputed': 'pre', 'gii-mesh': 'a.gii' }, 'cortex')
  const fails = (code: ErrorCode, text = code as string) => new SiibraError(code, text)

  it('are asked in turn, each alone, until one can be read', async () => {
    const asked: string[] = []
    const found = await fromAnyProvider(both, async ({ providers }, format) => {
      asked.push(Object.keys(providers).join())
      if (format === 'nii') throw fails('BAD_DATA')
      return format
    })
    expect(found).toBe('neuroglancer/precomputed')
    expect(asked).toEqual(['nii', 'neuroglancer/precomputed'])
  })

  it('the first failure is told where none can be read', async () => {
    const read = async (_: Volume, format: string) => {
      throw fails('UPSTREAM_UNAVAILABLE', format)
    }
    await expect(fromAnyProvider(both, read)).rejects.toThrow(/^nii$/)
    await expect(fromAnyProvider(both, read, ['neuroglancer/precomputed', 'nii'])).rejects.toThrow(/precomputed$/)
  })

  it('no other is asked where the request is wrong', async () => {
    let asked = 0
    const read = async () => {
      asked++
      throw fails('INVALID_PARAMETER')
    }
    await expect(fromAnyProvider(both, read)).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
    expect(asked).toBe(1)
  })

  it('none of a surface', async () => {
    const read = async () => 1
    await expect(fromAnyProvider(volume({ 'gii-mesh': 'a.gii' }, 'pial'), read)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: "The volume 'pial' has no voxels, only gii-mesh",
    })
    await expect(fromAnyProvider(volume({}), read)).rejects.toThrow('The volume has no voxels, only unknown formats')
  })

  it('others may help where one is away or unreadable, not with what is wrong otherwise', () => {
    for (const code of ['UPSTREAM_UNAVAILABLE', 'BAD_DATA', 'UNSUPPORTED', 'NOT_FOUND'] as const)
      expect(isAwayOrUnreadable(fails(code)), code).toBe(true)
    for (const thrown of [fails('ABORTED'), fails('INVALID_PARAMETER'), new Error('NOT_FOUND'), undefined])
      expect(isAwayOrUnreadable(thrown)).toBe(false)
  })
})
