import { decode } from 'fast-png'
import { describe, expect, it, test } from 'vitest'
import type { Parcellation, ParcellationMap, Region, Space } from '../../../src/siibra/core/types.ts'
import { drawAtlasPicture, inkOn, type PictureOptions } from '../../../src/siibra/pictures/atlas-picture.ts'
import { colourOfValue } from '../../../src/siibra/pictures/colours.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume } from '../maps/fake-atlas.ts'

const SHAPE = [3, 4, 6] as const
/** Voxels of 1 mm, the first one centred at (10, 20, 30). */
const voxelToWorldMm = Float64Array.of(1, 0, 0, 10, 0, 1, 0, 20, 0, 0, 1, 30, 0, 0, 0, 1)
const image = (of: (voxel: [number, number, number], at: number) => number): Image => ({
  data: Float32Array.from({ length: 3 * 4 * 6 }, (_, at) =>
    of([at % 3, Math.floor(at / 3) % 4, Math.floor(at / 12)], at),
  ),
  dtype: 'float32',
  shape: [...SHAPE],
  voxelToWorldMm,
})
const tree = fakeParcellation({ core: {}, rim: {} })
const parcellation = tree as unknown as Parcellation
const [, core] = parcellation.regions as [Region, Region, Region]
/** The region is the voxel (1, 2, 4). */
const LABELLED = image(([i, j, k]) => Number(i === 1 && j === 2 && k === 4))
const space: Space = { ...fakeSpace, volumes: [fakeVolume('template')] }
const surfaces: Space = { ...fakeSpace, volumes: [{ ...fakeVolume('x'), providers: { 'gii-mesh': 'mesh' } }] }
const LABELS = [space, surfaces].map((drawn) => ({
  ...fakeMap({
    parcellation: tree,
    volumes: [fakeVolume('labels')],
    indices: { core: [{ volume: 0, label: 1, fragment: null }] },
  }),
  space: drawn,
}))
const ACROSS = { sagittal: 0, coronal: 1, axial: 2 } as const

/** An atlas whose template grows by 10 with each voxel across a plane: the grey of that plane tells where it lies. */
const atlasOf = (plane: keyof typeof ACROSS, maps: ParcellationMap[] = []) =>
  createFakeAtlas({ template: image((voxel) => 10 * voxel[ACROSS[plane]]!), labels: LABELLED }, maps)

type Atlas = ReturnType<typeof createFakeAtlas>

/** A pixel for each voxel of the longest side: too small for signs. */
async function draw(atlas: Atlas, options: Partial<PictureOptions>, at = space) {
  const all = { form: 'png', planes: ['axial'], sizePx: 4, background: [0, 0, 0], ...options } as const
  const { width, height, data, channels } = decode(await drawAtlasPicture(atlas as never, at, all))
  const pixels = Array.from({ length: width * height }, (_, n) => [...data.subarray(channels * n).subarray(0, 3)])
  return { width, height, pixels, isGreyOf: new Set(pixels.map(String)) }
}

const grey = (value: number) => new Set([`${value},${value},${value}`])
/** Where template values are `mm` beyond the first centre, of `count` voxels: the largest is white. */
const greyAt = (mm: number, count: number) => grey(Math.round((mm / (count - 1)) * 255))

describe('a plane goes', () => {
  it.each([
    ['sagittal', 1, 3],
    ['coronal', 1.5, 4],
    ['axial', 2.5, 6],
  ] as const)('through the middle of a template: %s', async (plane, mm, count) => {
    const { isGreyOf } = await draw(atlasOf(plane), { planes: [plane], sizePx: plane === 'axial' ? 4 : 6 })
    expect(isGreyOf).toEqual(greyAt(mm, count))
  })

  it('where it is wanted, up to the edges of the outermost voxels', async () => {
    const at = async (atMm: number) => (await draw(atlasOf('axial'), { atMm })).isGreyOf
    expect(await at(31.5)).toEqual(greyAt(1.5, 6))
    expect(await at(29.5)).toEqual(grey(0))
    expect(await at(35.499)).toEqual(grey(255))
    // no voxel begins at the upper edge
    expect(await at(35.5)).toEqual(grey(0))
    for (const atMm of [29.499, 35.501])
      await expect(at(atMm)).rejects.toMatchObject({
        code: 'INVALID_PARAMETER',
        message: `at_mm: a axial plane at ${atMm} mm lies beside the space (29.5 to 35.5 mm)`,
        details: { parameter: 'at_mm', allowed: '29.5 to 35.5' },
      })
  })

  it('through a region, whose outline is drawn', async () => {
    const { width, height, pixels } = await draw(atlasOf('axial', LABELS), { region: core })
    expect([width, height]).toEqual([3, 4])
    // rows from above: j = 3, 2 ...; white is the ink on black
    const expected = pixels.map((_, n) => (n === 3 + 1 ? [255, 255, 255] : Array(3).fill(Math.round((4 / 5) * 255))))
    expect(pixels).toEqual(expected)
  })

  it('where a statistical map is largest, whose region has no label', async () => {
    const values = image((_, at) => (at < 2 ? Number.NaN : at === 3 * 4 * 3 + 5 || at === 3 * 4 * 5 ? 8 : 1))
    const { pixels } = await draw(atlasOf('axial'), { region: core, statistical: values })
    const under = Math.round((3 / 5) * 255)
    const over = (value: number) => colourOfValue(value, 0, 8).map((rgb) => Math.round(under * 0.15 + rgb * 0.85))
    // (2, 1) is the largest of its layer
    expect(pixels).toEqual(pixels.map((_, n) => (n === 2 * 3 + 2 ? over(8) : over(1))))
  })

  it('through a region in spite of a statistical map', async () => {
    const statistical = image((_, at) => Number(at === 0) * 8)
    const { pixels } = await draw(atlasOf('axial', LABELS), { region: core, statistical })
    expect(pixels[0]).toEqual(Array(3).fill(Math.round((4 / 5) * 255)))
    expect(pixels[3 + 1]).toEqual([255, 255, 255])
  })
})

describe('values of a statistical map', () => {
  it('are drawn above zero only, by the largest finite one', async () => {
    const layer = [-4, 0, Number.NaN, 2, 4, Number.POSITIVE_INFINITY, 1, 1, 1, 3, 3, 3]
    const statistical = image((_, at) => layer[at % 12]!)
    const options = { region: core, statistical, atMm: 30, parcellation }
    const { pixels } = await draw(atlasOf('axial', LABELS), options)
    const over = (value: number) => colourOfValue(value, 0, 4).map((rgb) => Math.round(rgb * 0.85))
    const below = [0, 0, 0]
    const rows = [
      [3, 3, 3],
      [1, 1, 1],
      [2, 4, 4],
    ].map((row) => row.map(over)) // the largest is the last of the ramp
    expect(pixels).toEqual([...rows.flat(), below, below, below])
  })
})

describe('what is seen', () => {
  it('is the box of the labels where there is no template, or nothing', async () => {
    const atlas = atlasOf('axial', LABELS)
    const { width, height, pixels } = await draw(atlas, { parcellation, atMm: 34 }, surfaces)
    expect([width, height]).toEqual([3, 4])
    expect(pixels.filter((rgb) => rgb.some(Boolean))).toHaveLength(1)
    await expect(draw(atlas, {}, surfaces)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      details: { space: fakeSpace.id },
    })
  })

  it('is titled by region, parcellation and space', async () => {
    const title = async (options: Partial<PictureOptions>) => {
      const all = { form: 'svg', planes: ['axial'], sizePx: 4, ...options } as const
      const svg = Buffer.from(await drawAtlasPicture(atlasOf('axial', LABELS) as never, space, all)).toString()
      return /<title>(.*)<\/title>/.exec(svg)?.[1]
    }
    expect(await title({})).toBe('space')
    expect(await title({ parcellation, region: core })).toBe('core, parcellation, space')
  })

  it('has its planes side by side, and its template read once', async () => {
    const atlas = atlasOf('axial')
    for (const _ of [1, 2]) {
      const { width, height } = await draw(atlas, { planes: ['sagittal', 'axial'], sizePx: 6 })
      expect([width, height]).toEqual([4 + 8 + 3, 6])
    }
    expect(atlas.reads).toEqual(['template'])
  })
})

test.each([
  [undefined, 0],
  [[255, 255, 255], 0],
  [[0, 0, 0], 255],
  [[0, 255, 0], 0],
  [[255, 0, 255], 255],
  [[255, 90, 0], 0],
  [[0, 200, 100], 0],
  // 127 on the scale of greys
  [[127, 127, 127], 255],
  [[128, 128, 128], 0],
] as const)('on %j signs have the ink %i', (background, ink) => {
  expect(inkOn(background)).toEqual([ink, ink, ink])
})
