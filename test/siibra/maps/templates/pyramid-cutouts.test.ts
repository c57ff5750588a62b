/** Cut-outs of a pyramid of three scales, which lies in a memory. */
import { describe, expect, test, vi } from 'vitest'
import type { BoundingBox } from '../../../../src/siibra/locations/bounding-box.ts'
import { fetchTemplateCutout } from '../../../../src/siibra/maps/templates/template-cutout.ts'
import { fetchVolumeCutout, type VolumeCutoutOptions } from '../../../../src/siibra/maps/templates/volume-cutout.ts'
import { answeringRetrieval } from '../../small-atlas.ts'
import { fakeSpace, fakeVolume } from '../fake-atlas.ts'
import { objects, PYRAMID, precomputed, whole } from './small-pyramid.ts'

/** Images that are not pyramids are all the same; which were asked for is noted. */
function start() {
  const fetchImage = vi.fn(async () => whole)
  const core = { retrieval: answeringRetrieval(() => undefined, objects), volumes: { fetchImage } }
  return { core: core as never, fetchImage }
}
const box = (minMm: [number, number, number], maxMm: [number, number, number]): BoundingBox => ({ minMm, maxMm })
const part = box([0, 0, 0], [4, 4, 4])

describe('a volume', () => {
  const cut = (options: VolumeCutoutOptions, volume = precomputed()) => fetchVolumeCutout(start().core, volume, options)
  test.each<[VolumeCutoutOptions, number, number[]]>([
    [{}, 0, [6, 4, 4]],
    [{ maxVoxels: 96 }, 0, [6, 4, 4]],
    [{ maxVoxels: 95 }, 100, [3, 2, 2]],
    [{ maxVoxels: 12 }, 100, [3, 2, 2]],
    [{ maxVoxels: 11 }, 200, [2, 1, 1]],
    [{ boxMm: part, maxVoxels: 64 }, 0, [4, 4, 4]],
    [{ boxMm: part, maxVoxels: 63 }, 100, [2, 2, 2]],
    [{ boxMm: part, maxVoxels: 7 }, 200, [1, 1, 1]],
    [{ boxMm: box([2, 0, 2], [4, 2, 4]) }, 34, [2, 2, 2]],
    [{ boxMm: box([-9, -9, 2], [4, 99, 99]), maxVoxels: 8 }, 104, [2, 2, 2]],
    [{ resolutionMm: 0.5 }, 0, [6, 4, 4]],
    [{ resolutionMm: 1.9 }, 0, [6, 4, 4]],
    [{ resolutionMm: 2 }, 100, [3, 2, 2]],
    [{ resolutionMm: 2, maxVoxels: 12 }, 100, [3, 2, 2]],
    [{ resolutionMm: 99, boxMm: part }, 200, [1, 1, 1]],
  ])('is cut at the finest scale that is allowed, or as is asked: %j', async (options, first, shape) => {
    const { data, ...image } = await cut(options)
    expect([data[0], image.shape]).toEqual([first, shape])
  })

  test.each<[VolumeCutoutOptions, string, number[], number]>([
    [
      { maxVoxels: 1 },
      'bbox: 2 voxels (4 x 4 x 6 mm at 4 mm) are more than 1; possible are boxes of about 4 mm',
      [],
      4,
    ],
    [
      { boxMm: part, resolutionMm: 1, maxVoxels: 63 },
      'resolution_mm: 64 voxels (4 x 4 x 4 mm at 1 mm) are more than 63; possible are this box at 2, 4 mm, or boxes',
      [2, 4],
      3.98,
    ],
  ])('has more voxels than are allowed: %j', async (options, message, resolutions_mm, box_side_mm) => {
    const { maxVoxels: max_voxels } = options
    await expect(cut(options)).rejects.toMatchObject({
      ...{ code: 'INVALID_PARAMETER', message: expect.stringContaining(message) },
      details: { allowed: { resolutions_mm, box_side_mm, max_voxels } },
    })
  })

  test.each([box([4, 0, 0], [5, 1, 1]), box([0, 0, -1], [1, 1, 0]), box([0, 7, 0], [1, 8, 1])])(
    'has nothing in a box beside it: %j',
    async (boxMm) => {
      await expect(cut({ boxMm })).rejects.toThrow('lies outside of the volume, which is in [[0,0,0],[4,4,6]]')
    },
  )

  const both = precomputed(PYRAMID, { nii: 'https://a.org/a.nii' })
  test.each<[VolumeCutoutOptions, number]>([
    [{}, 1],
    [{ resolutionMm: 2 }, 100],
  ])('is read of its pyramid where a resolution is asked for: %j', async (options, first) => {
    expect((await cut(options, both)).data[0]).toBe(first)
  })

  test('of several fragments is read whole, of one as a pyramid', async () => {
    const { core, fetchImage } = start()
    const [left, right] = [PYRAMID, `${PYRAMID}-2`]
    expect((await fetchVolumeCutout(core, precomputed({ left, right }), {})).data).toEqual(whole.data)
    expect(fetchImage).toHaveBeenCalledOnce()
    expect((await fetchVolumeCutout(core, precomputed({ left, right }), { fragment: 'left' })).shape).toEqual([6, 4, 4])
    expect((await fetchVolumeCutout(core, precomputed({ left }), {})).shape).toEqual([6, 4, 4])
    expect(fetchImage).toHaveBeenCalledOnce()
  })
})

describe('a template', () => {
  const space = (...volumes: ReturnType<typeof precomputed>[]) => ({ ...fakeSpace, volumes })
  const cut = (boxMm?: BoundingBox, maxVoxels?: number) =>
    fetchTemplateCutout(start().core, space(precomputed()), { boxMm, ...(maxVoxels && { maxVoxels }) })

  test.each<[BoundingBox | undefined, number | undefined, number, number[]]>([
    [undefined, undefined, 0, [6, 4, 4]],
    [undefined, 96, 0, [6, 4, 4]],
    [undefined, 12, 100, [3, 2, 2]],
    [part, 64, 0, [4, 4, 4]],
    [part, 60, 0, [4, 4, 4]],
    [part, 8, 100, [2, 2, 2]],
    [part, 1, 200, [1, 1, 1]],
    [box([2, 0, 2], [4, 2, 4]), 8, 34, [2, 2, 2]],
  ])('is as fine as so many voxels allow: %j, %j', async (boxMm, maxVoxels, first, shape) => {
    const image = await cut(boxMm, maxVoxels)
    expect([image.data[0], image.shape]).toEqual([first, shape])
  })

  test('has nothing in a box without volume', async () => {
    await expect(cut(box([1, 1, 1], [2, 1, 2]))).rejects.toThrow('bbox: the box has no volume (1 x 0 x 1 mm)')
  })

  const nii = { nii: 'https://a.org/a.nii' }
  test('that is no pyramid is given whole', async () => {
    expect(await fetchTemplateCutout(start().core, space(fakeVolume(nii.nii) as never))).toBe(whole)
  })

  const wrong = box([1, 1, 1], [2, 1, 2])
  test.each<[string, object, BoundingBox | undefined, string | undefined]>([
    [PYRAMID, nii, undefined, undefined],
    ['https://b.org/away', nii, undefined, 'stand-in'],
    ['https://b.org/away', {}, undefined, 'NOT_FOUND'],
    [PYRAMID, nii, wrong, 'INVALID_PARAMETER'],
    [PYRAMID, {}, wrong, 'INVALID_PARAMETER'],
  ])(
    'is given whole where its pyramid is away, and there is another form: %s %j %j',
    async (url, more, boxMm, says) => {
      const onStandIn = vi.fn()
      const asked = fetchTemplateCutout(start().core, space(precomputed(url, more)), { boxMm, onStandIn })
      const answer = await asked.then(
        (image) => (image === whole ? 'stand-in' : undefined),
        ({ code }) => code,
      )
      expect([answer, onStandIn.mock.calls.length]).toEqual([says, says === 'stand-in' ? 1 : 0])
    },
  )
})
