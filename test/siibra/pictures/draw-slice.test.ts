import { describe, expect, it } from 'vitest'
import type { BoxMm } from '../../../src/siibra/maps/grids/grid-boxes.ts'
import { drawSlice, type Overlay } from '../../../src/siibra/pictures/draw-slice.ts'
import { viewPlane } from '../../../src/siibra/pictures/plane.ts'
import { identityAffine } from '../../../src/siibra/volumes/affine.ts'

/** An axial view of which each pixel is a voxel of a grid of one layer; the first row of voxels is the lowest of the picture. */
function flat(width: number, height = 1) {
  const grid = { shape: [width, height, 1], voxelToWorldMm: identityAffine() }
  const box: BoxMm = { minMm: [-0.5, -0.5, -0.5], maxMm: [width - 0.5, height - 0.5, 0.5] }
  return { grid, view: viewPlane('axial', 0, box, 1) }
}

const INK = [1, 2, 3] as const
const pixelsOf = (data: Uint8Array) =>
  Array.from({ length: data.length / 4 }, (_, pixel) => [...data.subarray(4 * pixel, 4 * pixel + 4)])

describe('a template in greys', () => {
  const greysOf = (values: number[]) => {
    const { grid, view } = flat(values.length)
    const template = { data: Float64Array.from(values), dtype: 'float64' as const, ...grid }
    return pixelsOf(drawSlice(view, { template, overlays: [], ink: INK }).data)
  }

  it('from 0, or the least value below it, to the largest', () => {
    expect(greysOf([0, 10, 20])).toEqual([
      [0, 0, 0, 0],
      [128, 128, 128, 255],
      [255, 255, 255, 255],
    ])
    expect(greysOf([-10, 0, 10]).map(([grey, , , alpha]) => [grey, alpha])).toEqual([
      [0, 0],
      [128, 255],
      [255, 255],
    ])
  })

  it('white is what 99.5 % do not exceed; what is not finite has no say', () => {
    const values = Array.from({ length: 1000 }, (_, n) => n + 1)
    const greys = greysOf(values).map(([grey]) => grey)
    expect([greys[497], greys[994], greys[995], greys[999]]).toEqual([128, 255, 255, 255])
    expect(greys[993]).toBe(254)
    // beside a voxel that is not finite nothing is, as between them there is no value
    expect(greysOf([10, 20, 20, Number.POSITIVE_INFINITY])[0]).toEqual([128, 128, 128, 255])
  })

  it('white has nothing to do with how much is empty', () => {
    const greys = greysOf([...new Array<number>(990).fill(0), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).map(([grey]) => grey)
    expect(greys.slice(994)).toEqual([5, 6, 7, 8, 9, 10].map((value) => Math.round(25.5 * value)))
  })

  it('is nothing where all is empty', () => {
    expect(greysOf([0, 0])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
    expect(greysOf([-1, -1]).map(([, , , alpha]) => alpha)).toEqual([0, 0])
  })
})

describe('what lies over a template', () => {
  const overlayOf = (numbers: number[], width: number, outlined?: number[]): Overlay => ({
    grid: flat(width, numbers.length / width).grid,
    lookUp: (at) => numbers[at]!,
    colourOf: (number) => (number < 9 ? { rgb: [10 * number, 100, 200], opacity: number === 2 ? 0.5 : 1 } : undefined),
    ...(outlined && { outlined: new Set(outlined) }),
  })

  it('has the colours of its numbers: as they are on nothing, mixed with what is there', () => {
    const { view } = flat(5)
    const overlay = overlayOf([1, 0, 2, 2, 9], 5)
    expect(pixelsOf(drawSlice(view, { overlays: [overlay], ink: INK }).data)).toEqual([
      [10, 100, 200, 255],
      [0, 0, 0, 0],
      [20, 100, 200, 128],
      [20, 100, 200, 128],
      [0, 0, 0, 0],
    ])
    const background = [100, 50, 7] as const
    expect(pixelsOf(drawSlice(view, { overlays: [overlay], background, ink: INK }).data)).toEqual([
      [10, 100, 200, 255],
      [100, 50, 7, 255],
      [60, 75, 104, 255],
      [60, 75, 104, 255],
      [100, 50, 7, 255],
    ])
    // half of what half of it lets through
    const twice = drawSlice(view, { overlays: [overlay, overlayOf([0, 0, 2, 0, 0], 5)], ink: INK })
    expect(pixelsOf(twice.data)[2]).toEqual([20, 100, 200, 192])
  })

  it('asks for the colour of a number once', () => {
    const asked: number[] = []
    const overlay = overlayOf([1, 2, 1, 9, 1, 9], 6)
    const colourOf: Overlay['colourOf'] = (number) => {
      asked.push(number)
      return overlay.colourOf(number)
    }
    drawSlice(flat(6).view, { overlays: [{ ...overlay, colourOf }], ink: INK })
    expect(asked).toEqual([1, 2, 9])
  })

  it('is outlined within, at the edge of the picture too, and not between what is wanted', () => {
    // the first row is the lowest of the picture
    const numbers = [
      [0, 0, 0, 0, 0, 0, 0, 5],
      [0, 3, 3, 3, 4, 4, 0, 5],
      [0, 3, 3, 3, 4, 4, 0, 5],
      [0, 3, 3, 3, 4, 4, 0, 0],
      [0, 3, 3, 3, 4, 4, 0, 0],
      [3, 0, 0, 0, 0, 0, 0, 0],
      [3, 3, 3, 0, 0, 0, 3, 3],
    ]
    const { view } = flat(8, 7)
    const overlay = overlayOf(numbers.flat(), 8, [3, 4])
    const { data } = drawSlice(view, { overlays: [overlay], background: [0, 0, 0], ink: [255, 255, 255] })
    const isWhite = pixelsOf(data).map(([red]) => (red === 255 ? '#' : '.'))
    const rows = Array.from({ length: 7 }, (_, row) => isWhite.slice(8 * row, 8 * row + 8).join(''))
    expect(rows.reverse()).toEqual(['........', '.#####..', '.#...#..', '.#...#..', '.#####..', '#.......', '###...##'])
  })

  it('is outlined where the picture ends, on all four sides', () => {
    const { view } = flat(4, 4)
    const overlay = overlayOf(new Array<number>(16).fill(3), 4, [3])
    const { data } = drawSlice(view, { overlays: [overlay], ink: [255, 255, 255] })
    expect(pixelsOf(data).filter(([red]) => red === 255)).toHaveLength(12)
  })
})
