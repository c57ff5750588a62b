import { describe, expect, it } from 'vitest'
import type { MapIndex, Parcellation, ParcellationMap, Region } from '../../../src/siibra/core/types.ts'
import { labelRunsOf } from '../../../src/siibra/maps/labels/label-runs.ts'
import { colourOfNumber, colourOfValue } from '../../../src/siibra/pictures/colours.ts'
import { type LabelOverlayOptions, labelOverlays, maskOutline } from '../../../src/siibra/pictures/label-overlays.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'
import { createFakeAtlas, fakeMap, fakeParcellation, fakeSpace, fakeVolume } from '../maps/fake-atlas.ts'

const shape = [6, 4, 1]
const numbers = [0, 0, 1, 1, 2, 0, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 1, 2, 2, 0, 4, 4]
const image = { data: Uint8Array.from(numbers), dtype: 'uint8' as const, shape, voxelToWorldMm: identityAffine() }
const tree = fakeParcellation({ red: { inner: {} }, plain: { part: {} } })
const parcellation = tree as unknown as Parcellation
const regionOf = (name: string): Region => parcellation.regions.find((region) => region.name === name)!
Object.assign(regionOf('red'), { rgb: '#ff0000' })
const index = (label: number | null, fragment: string | null = null, volume = 0): MapIndex => ({
  volume,
  label,
  fragment,
})
const drawn = fakeMap({
  parcellation: tree,
  volumes: [fakeVolume('labels')],
  indices: { red: [index(1)], inner: [index(2)], plain: [index(3)], part: [index(4)] },
})
const overlaysOf = (options: LabelOverlayOptions = {}, maps: ParcellationMap[] = [drawn]) =>
  labelOverlays(createFakeAtlas({ labels: image, other: image }, maps), parcellation, fakeSpace, options)
const coloursOf = async (options?: LabelOverlayOptions) => {
  const [overlay] = await overlaysOf(options)
  return [1, 2, 3, 4].map((label) => overlay!.colourOf(label))
}

describe('labels over a template', () => {
  it('are read at any voxel, in any order', async () => {
    const places = [...numbers.keys()]
    // forwards, backwards, and jumping
    for (const order of [places, [...places].reverse(), places.map((at) => (at * 7) % 24)]) {
      const [overlay] = await overlaysOf()
      expect(order.map((at) => overlay!.lookUp(at))).toEqual(order.map((at) => numbers[at]))
    }
  })

  it('have the colours of their regions, of those above, or of their number', async () => {
    const red = { rgb: [255, 0, 0], opacity: 0.6 }
    const [overlay] = await overlaysOf()
    expect(await coloursOf()).toEqual([
      red,
      red,
      { rgb: colourOfNumber(3), opacity: 0.6 },
      { rgb: colourOfNumber(4), opacity: 0.6 },
    ])
    expect(overlay!.colourOf(9)).toBeUndefined()
  })

  it('are paler beside the one that is selected with its parts', async () => {
    const opacities = (await coloursOf({ selected: regionOf('red') })).map((colour) => colour?.opacity)
    expect(opacities).toEqual([0.8, 0.8, 0.35, 0.35])
  })

  it('have the colours that are given: parts what is above them has, values by the ramp', async () => {
    const colours = new Map<Region, number | readonly [number, number, number]>([
      [regionOf('red'), 2],
      [regionOf('inner'), 4],
      [regionOf('part'), 3],
    ])
    const opacity = 0.85
    expect(await coloursOf({ colours })).toEqual([
      { rgb: colourOfValue(2, 2, 4), opacity },
      { rgb: colourOfValue(4, 2, 4), opacity },
      undefined,
      { rgb: colourOfValue(3, 2, 4), opacity },
    ])
    expect(await coloursOf({ colours: new Map([[regionOf('red'), [1, 2, 3]]]) })).toEqual([
      { rgb: [1, 2, 3], opacity },
      { rgb: [1, 2, 3], opacity },
      undefined,
      undefined,
    ])
    const whole = await coloursOf({ colours: new Map([[parcellation as unknown as Region, [7, 8, 9]]]) })
    expect(whole.map((colour) => colour?.rgb)).toEqual([1, 2, 3, 4].map(() => [7, 8, 9]))
  })

  it('come of each image that labelled maps of the parcellation draw in the space', async () => {
    const surface = { ...fakeVolume('labels'), providers: { 'gii-mesh': 'mesh' } }
    const sides = fakeMap({
      parcellation: tree,
      volumes: [fakeVolume({ left: 'labels', right: 'other', third: 'other' }), surface],
      indices: {
        red: [index(1, 'left'), index(1, 'right'), index(5, null, 1)],
        inner: [index(2, 'left'), index(null, 'right')],
        unknown: [index(3, 'left'), index(3, 'third')],
      },
    })
    const overlays = await overlaysOf({}, [sides])
    const isDrawn = overlays.map(({ colourOf }) => [1, 2, 3, 5].map((label) => colourOf(label) !== undefined))
    expect(isDrawn).toEqual([
      [true, true, false, false],
      [true, false, false, false],
    ])
    const others = [
      { ...drawn, mapType: 'STATISTICAL' as const },
      { ...drawn, space: { ...fakeSpace } },
      { ...drawn, parcellation: fakeParcellation({}) as unknown as Parcellation },
    ]
    await expect(overlaysOf({}, others)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: "'parcellation' has no labelled map with voxels in 'space'",
    })
  })
})

it('a mask is outlined, and not coloured', () => {
  const mask = Uint8Array.from(numbers, (number) => Number(number === 3))
  const overlay = maskOutline({ shape, voxelToWorldMm: identityAffine(), runs: labelRunsOf({ ...image, data: mask }) })
  expect(numbers.map((_, at) => overlay.lookUp(at))).toEqual([...mask])
  expect([overlay.colourOf(1), [...overlay.outlined!]]).toEqual([undefined, [1]])
})
