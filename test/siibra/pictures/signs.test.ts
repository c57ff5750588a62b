import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import type { BoxMm } from '../../../src/siibra/maps/grids/grid-boxes.ts'
import { colourOfNumber, colourOfValue } from '../../../src/siibra/pictures/colours.ts'
import { composePng } from '../../../src/siibra/pictures/compose-png.ts'
import { composeSigns, composeSvg } from '../../../src/siibra/pictures/compose-svg.ts'
import { encodePng } from '../../../src/siibra/pictures/encode-png.ts'
import { pixelSizeMm, pixelToWorldMm, viewPlane, worldToPixel } from '../../../src/siibra/pictures/plane.ts'
import { renderSvg } from '../../../src/siibra/pictures/rasterize.ts'
import { textPath, textWidthPx } from '../../../src/siibra/pictures/stroke-font.ts'

const box: BoxMm = { minMm: [1, 2, 3], maxMm: [11, 32, 43] }
/** Pixels of any colours, all of which cover what is below, or not. */
const noise = (pixels: number, isOpaque: boolean) =>
  Uint8Array.from({ length: 4 * pixels }, (_, at) => (isOpaque && at % 4 === 3 ? 255 : (at * at * 7 + at * 13) % 251))

describe('a view of a plane', () => {
  it('has its size, its corner, and places that are found again', () => {
    expect(pixelSizeMm(['axial'], box, 60)).toBe(0.5)
    expect(pixelSizeMm(['axial', 'coronal'], box, 60)).toBeCloseTo(2 / 3, 12)
    const view = viewPlane('sagittal', 5, box, 0.5)
    expect([view.widthPx, view.heightPx, view.leftMm, view.topMm]).toEqual([60, 80, 2, 43])
    expect(pixelToWorldMm(view, 3, 7)).toEqual([5, 3.75, 39.25])
    expect(worldToPixel(view, [5, 3.75, 39.25])).toEqual([3.5, 7.5])
    expect([viewPlane('axial', 5, box, 1e3)].map(({ widthPx, heightPx }) => [widthPx, heightPx])).toEqual([[1, 1]])
  })
})

describe('signs', () => {
  it('are as wide as their lines', () => {
    expect(['', 'L', 'AB', 'ABC'].map((text) => textWidthPx(text, 12))).toEqual([0, 8, 20, 32])
    expect(textWidthPx('AB', 3)).toBe(5)
  })

  it('are lines from their upper left on, in hundredths; what there are none of is blank', () => {
    expect(textPath('L.', 10, 20, 12)).toBe('M10 20L10 32L18 32M25.4 32L26.6 32')
    expect(textPath('L', 1, 0, 7)).toBe('M1 0L1 7L5.67 7')
    expect(textPath('?1', 0, 0, 6)).toBe('M7 1L8 0L8 6M7 6L9 6')
  })
})

describe('colours', () => {
  it('of numbers lie a golden angle apart (Python’s colorsys)', () => {
    expect([1, 2, 3, 100, 257].map(colourOfNumber)).toEqual([
      [66, 215, 109],
      [153, 66, 215],
      [215, 196, 66],
      [188, 215, 66],
      [215, 214, 66],
    ])
  })

  it('of values are those of the ramp, mixed between two', () => {
    const rampAt = (place: number) => colourOfValue(10 + 2 * place, 10, 24)
    expect([0, 1, 6, 7].map(rampAt)).toEqual([
      [20, 11, 53],
      [66, 10, 104],
      [251, 190, 35],
      [252, 250, 160],
    ])
    expect(rampAt(0.5)).toEqual([43, 11, 79])
    expect(rampAt(6.25)).toEqual([251, 205, 66])
    expect([rampAt(-1), rampAt(8), colourOfValue(3, 3, 3)]).toEqual([rampAt(0), rampAt(7), rampAt(7)])
  })
})

describe('pixels as PNG', () => {
  it.each([true, false])('are read back, opaque or not: %s', (isOpaque) => {
    const data = noise(35, isOpaque)
    const png = decode(encodePng({ data, widthPx: 7, heightPx: 5 }))
    expect([png.width, png.height, png.channels]).toEqual([7, 5, isOpaque ? 3 : 4])
    const expected = isOpaque ? data.filter((_, at) => at % 4 !== 3) : data
    expect([...png.data]).toEqual([...expected])
  })
})

describe('slices side by side', () => {
  const panelOf = (mmPerPx: number, plane: 'axial' | 'sagittal' = 'axial') => {
    const view = viewPlane(plane, 5, box, mmPerPx)
    const { widthPx, heightPx } = view
    return { view, raster: { data: noise(widthPx * heightPx, false), widthPx, heightPx } }
  }
  const look = { ink: [255, 255, 255], title: 'slices' } as const

  it('stand in the middle, eight pixels apart, on the background', async () => {
    // 10 x 30 and 5 x 15 pixels: too small for signs
    const panels = [panelOf(1), panelOf(2)]
    const png = decode(await composePng(panels, { ...look, background: [9, 8, 7] }))
    expect([png.width, png.height, png.channels]).toEqual([23, 30, 4])
    const pixelAt = (column: number, row: number) => [...png.data.slice(4 * (row * 23 + column)).slice(0, 4)]
    for (let row = 0; row < 30; row++)
      for (let column = 0; column < 23; column++) {
        const [{ raster: left }, { raster: right }] = panels as [(typeof panels)[0], (typeof panels)[0]]
        const [i, j] = [column - 18, row - 8]
        const expected =
          column < 10
            ? left.data.subarray(4 * (row * 10 + column)).subarray(0, 4)
            : i >= 0 && j >= 0 && j < 15
              ? right.data.subarray(4 * (j * 5 + i)).subarray(0, 4)
              : [9, 8, 7, 255]
        expect(pixelAt(column, row)).toEqual([...expected])
      }
    expect(composeSvg(panels, look)).toContain('translate(18 8)')
  })

  it.each([
    [0.05, '5 mm', 100],
    [0.001, '20 um', 20],
    [5, '10 cm', 20],
  ])('have a bar of a round length in their lower right: %s mm a pixel', (mmPerPx, text, barPx) => {
    const sizeMm = 100 * mmPerPx * (mmPerPx === 0.05 ? 4 : 1)
    const wide = viewPlane('axial', 0, { minMm: [0, 0, 0], maxMm: [sizeMm, sizeMm, 0] }, mmPerPx)
    const svg = composeSigns([{ view: wide, raster: { data: noise(0, true), widthPx: 0, heightPx: 0 } }], look)
    const size = Math.min(14, Math.max(7, wide.widthPx / 22))
    const right = wide.widthPx - 0.7 * size
    const y = wide.heightPx - 0.7 * size - 0.3 * size
    expect(svg).toContain(textPath(text, right - textWidthPx(text, size), y - 1.6 * size, size))
    const [left] = /M([\d.]+) [\d.]+V[\d.]+H/.exec(svg)?.slice(1) ?? []
    expect(right - Number(left)).toBeCloseTo(barPx, 9)
  })

  it('have their signs over them, by the share that covers', async () => {
    const panels = [panelOf(0.45, 'sagittal')]
    const [{ raster }] = panels as [(typeof panels)[0]]
    const signs = await renderSvg(composeSigns(panels, look))
    const png = decode(await composePng(panels, look))
    expect(png.channels).toBe(4)
    let covered = 0
    for (let at = 0; at < signs.length; at += 4) {
      const [above, below] = [signs[at + 3]! / 255, raster.data[at + 3]! / 255]
      const alpha = above + below * (1 - above)
      if (above > 0) covered++
      const of = (channel: number) =>
        alpha === 0 ? 0 : (signs[at + channel]! + raster.data[at + channel]! * below * (1 - above)) / alpha
      if (above > 0)
        for (const channel of [0, 1, 2]) expect(Math.abs(png.data[at + channel]! - of(channel))).toBeLessThan(0.51)
      else expect([...png.data.slice(at, at + 4)]).toEqual([...raster.data.subarray(at, at + 4)])
      expect(Math.abs(png.data[at + 3]! - 255 * alpha)).toBeLessThan(0.51)
    }
    expect(covered).toBeGreaterThan(100)
  })
})
