import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { boxOfGrid } from '../../../src/siibra/maps/grids/grid-boxes.ts'
import { colourOfNumber, colourOfValue, parseHexColour } from '../../../src/siibra/pictures/colours.ts'
import { composePng } from '../../../src/siibra/pictures/compose-png.ts'
import { composeSvg } from '../../../src/siibra/pictures/compose-svg.ts'
import { drawSlice, type Overlay, type Raster } from '../../../src/siibra/pictures/draw-slice.ts'
import {
  acrossOf,
  PLANES,
  pixelSizeMm,
  pixelToWorldMm,
  viewPlane,
  worldToPixel,
} from '../../../src/siibra/pictures/plane.ts'
import type { Image } from '../../../src/siibra/volumes/image.ts'

// 10 x 12 x 8 voxels of 2 mm, x mirrored: voxel (i, j, k) lies at (9 - 2 i, 2 j - 11, 2 k - 7)
const grid = {
  shape: [10, 12, 8],
  voxelToWorldMm: Float64Array.of(-2, 0, 0, 9, 0, 2, 0, -11, 0, 0, 2, -7, 0, 0, 0, 1),
}
const template: Image = { data: new Uint8Array(960).fill(100), dtype: 'uint8', ...grid }
const voxel = (i: number, j: number, k: number) => (k * 12 + j) * 10 + i
const box = boxOfGrid(grid)
const colourAt = ({ data, widthPx }: Raster, [column, row]: [number, number]) =>
  [...data.subarray(4 * (Math.floor(row) * widthPx + Math.floor(column)))].slice(0, 3)

/** Draws a single voxel in a colour. */
const overlayOf = (at: number, opacity = 1): Overlay => ({
  grid,
  lookUp: (here) => (here === at ? 5 : 0),
  colourOf: () => ({ rgb: [200, 10, 20], opacity }),
})

describe('a plane through a space', () => {
  it('has the box of the voxels with their edges, and the letters of its directions', () => {
    expect(box).toEqual({ minMm: [-10, -12, -8], maxMm: [10, 12, 8] })
    expect(viewPlane('coronal', 0, box, 1).letters).toEqual({ left: 'L', right: 'R', bottom: 'I', top: 'S' })
    expect(viewPlane('sagittal', 0, box, 1).letters).toEqual({ left: 'P', right: 'A', bottom: 'I', top: 'S' })
    expect(viewPlane('axial', 0, box, 1).letters).toEqual({ left: 'L', right: 'R', bottom: 'P', top: 'A' })
    expect(pixelSizeMm(PLANES, box, 48)).toBe(0.5)
  })

  it('has pixels whose places in mm are found again', () => {
    const view = viewPlane('axial', 3, box, 0.5)
    expect([view.widthPx, view.heightPx]).toEqual([40, 48])
    expect(pixelToWorldMm(view, 0, 0)).toEqual([-9.75, 11.75, 3])
    expect(worldToPixel(view, [-9.75, 11.75, 3])).toEqual([0.5, 0.5])
    expect(acrossOf('axial', [1, 2, 3])).toBe(3)
  })

  it.each(PLANES)('%s: a voxel is drawn where it lies, left on the left', (plane) => {
    const pointMm = [5, -3, 1] as const
    const view = viewPlane(plane, acrossOf(plane, pointMm), box, 0.5)
    const raster = drawSlice(view, {
      overlays: [overlayOf(voxel(2, 4, 4))],
      background: [0, 0, 0],
      ink: [255, 255, 255],
    })
    expect(colourAt(raster, worldToPixel(view, pointMm))).toEqual([200, 10, 20])
    const reds = Array.from({ length: view.widthPx * view.heightPx }, (_, pixel) => raster.data[4 * pixel] === 200)
    expect(reds.filter(Boolean)).toHaveLength(16)
  })

  it('mixes colours with the template below, and shows the background where there is none', () => {
    const view = viewPlane('axial', 1, { minMm: [-20, -12, -8], maxMm: [20, 12, 8] }, 0.5)
    const overlays = [overlayOf(voxel(2, 4, 4), 0.5)]
    const raster = drawSlice(view, { template, overlays, background: [1, 2, 3], ink: [0, 0, 0] })
    expect(colourAt(raster, worldToPixel(view, [-15, 0, 1]))).toEqual([1, 2, 3])
    const [grey] = colourAt(raster, worldToPixel(view, [0, 0, 1]))
    expect(colourAt(raster, worldToPixel(view, [5, -3, 1]))).toEqual([
      Math.round((grey! + 200) / 2),
      Math.round((grey! + 10) / 2),
      Math.round((grey! + 20) / 2),
    ])
  })

  it('outlines what is wanted', () => {
    const view = viewPlane('axial', 1, box, 0.5)
    const overlay = { ...overlayOf(voxel(2, 4, 4)), outlined: new Set([5]) }
    const raster = drawSlice(view, { overlays: [overlay], background: [0, 0, 0], ink: [255, 255, 255] })
    const whites = Array.from({ length: view.widthPx * view.heightPx }, (_, pixel) => raster.data[4 * pixel] === 255)
    expect(whites.filter(Boolean)).toHaveLength(12)
  })
})

describe('a picture', () => {
  const panels = PLANES.map((plane) => {
    const view = viewPlane(plane, 0, box, 0.1)
    const layers = { template, overlays: [], background: [0, 0, 0] as const, ink: [255, 255, 255] as const }
    return { view, raster: drawSlice(view, layers) }
  })
  const look = { background: [0, 0, 0], ink: [255, 255, 255], title: 'A & B <left>' } as const
  const svg = composeSvg(panels, look)

  it('is an SVG with a title, whose text needs no fonts', () => {
    expect(svg).toContain('<title>A &amp; B &lt;left&gt;</title>')
    expect(svg).not.toContain('<text')
    expect(svg.match(/<image/g)).toHaveLength(3)
  })

  it('becomes a PNG of its size', async () => {
    const png = decode(await composePng(panels, look))
    expect([png.width, png.height]).toEqual([240 + 200 + 200 + 16, 240])
    // the letters and the bar are white, the template is not
    expect(Array.from(png.data).filter((value, at) => at % 4 === 0 && value > 250).length).toBeGreaterThan(50)
  })
})

describe('colours', () => {
  it('are read from hexadecimal digits', () => {
    expect(parseHexColour('#ff8000')).toEqual([255, 128, 0])
    expect(parseHexColour('0f0')).toEqual([0, 255, 0])
    expect(parseHexColour('#ff80')).toBeUndefined()
  })

  it('of values go from dark to bright', () => {
    const brightness = [0, 0.25, 0.5, 0.75, 1].map((value) => {
      const [red, green, blue] = colourOfValue(value, 0, 1)
      return 0.3 * red + 0.6 * green + 0.1 * blue
    })
    expect(brightness).toEqual([...brightness].sort((a, b) => a - b))
    expect(colourOfValue(7, 0, 1)).toEqual(colourOfValue(1, 0, 1))
  })

  it('of regions without one differ from number to number', () => {
    expect(new Set(Array.from({ length: 50 }, (_, n) => colourOfNumber(n).join())).size).toBe(50)
  })
})
