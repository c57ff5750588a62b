import type { Grid } from '../maps/grids/grid.ts'
import type { Image } from '../volumes/image.ts'
import type { Rgb } from './colours.ts'
import type { PlaneView } from './plane.ts'
import { sampleNearest, sampleValues } from './sample-plane.ts'

/** Pixels, four bytes each (red, green, blue, alpha), row by row from the upper left. */
export interface Raster {
  data: Uint8Array
  widthPx: number
  heightPx: number
}

/** What is drawn over the template. */
export interface Overlay {
  grid: Grid
  /** A number for the voxel at an index: what `colourOf` is asked with; 0 where nothing is drawn. */
  lookUp: (at: number) => number
  /** The colour of a number, and how much of it covers the template (0 to 1); undefined where nothing is drawn. */
  colourOf: (number: number) => { rgb: Rgb; opacity: number } | undefined
  /** Numbers whose outline is drawn. */
  outlined?: ReadonlySet<number>
}

export interface SliceLayers {
  template?: Image | undefined
  overlays: readonly Overlay[]
  /** Transparent where it is left out. */
  background?: Rgb | undefined
  /** Colour of outlines. */
  ink: Rgb
}

/** A plane of a template with what lies over it. Where the template is empty (0, or no voxel) the background is seen. */
export function drawSlice(view: PlaneView, { template, overlays, background, ink }: SliceLayers): Raster {
  const { widthPx, heightPx } = view
  const data = new Uint8Array(4 * widthPx * heightPx)
  if (background) {
    data.subarray(0, 4).set([...background, 255])
    new Uint32Array(data.buffer).fill(new Uint32Array(data.buffer)[0] ?? 0)
  }
  const raster = { data, widthPx, heightPx }
  if (template) drawTemplate(raster, view, template)
  for (const overlay of overlays) drawOverlay(raster, view, overlay, ink)
  return raster
}

function drawTemplate({ data }: Raster, view: PlaneView, template: Image): void {
  const grid = { shape: template.shape.slice(0, 3), voxelToWorldMm: template.voxelToWorldMm }
  const values = sampleValues(view, grid, template.data)
  const [low, high] = greyWindow(template.data)
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = values[pixel]!
    if (!(value > low)) continue
    const grey = Math.round(Math.min((value - low) / (high - low), 1) * 255)
    const at = 4 * pixel
    data[at] = grey
    data[at + 1] = grey
    data[at + 2] = grey
    data[at + 3] = 255
  }
}

/** Of templates that are kept: each has three planes in every picture. */
const windows = new WeakMap<object, [number, number]>()

function greyWindow(data: Image['data']): [number, number] {
  const known = windows.get(data)
  if (known) return known
  const found = findGreyWindow(data)
  windows.set(data, found)
  return found
}

/** Values that are black and white: 0 (or the least one below it) and what 99.5 % of the voxels above it do not exceed. */
function findGreyWindow(data: Image['data']): [number, number] {
  const step = Math.max(1, Math.floor(data.length / 50_000))
  const samples: number[] = []
  let low = 0
  for (let at = 0; at < data.length; at += step) {
    const value = data[at]!
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    samples.push(value)
  }
  const above = Float64Array.from(samples.filter((value) => value > low)).sort()
  return [low, above[Math.floor(above.length * 0.995)] ?? low]
}

function drawOverlay({ data }: Raster, view: PlaneView, overlay: Overlay, ink: Rgb): void {
  const numbers = sampleNearest(view, overlay.grid, overlay.lookUp)
  const colours = new Map<number, ReturnType<Overlay['colourOf']>>()
  let last = 0
  let colour: ReturnType<Overlay['colourOf']>
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    const number = numbers[pixel]!
    if (number === 0) continue
    // most have the number of the one before
    if (number !== last) {
      last = number
      colour = colours.get(number)
      if (!colour && !colours.has(number)) {
        colour = overlay.colourOf(number)
        colours.set(number, colour)
      }
    }
    if (colour) blend(data, pixel, colour.rgb, colour.opacity)
  }
  if (!overlay.outlined) return
  for (const pixel of outlineOf(numbers, view.widthPx, overlay.outlined)) blend(data, pixel, ink, 1)
}

/** Written out by channel: it is called for every pixel. */
function blend(data: Uint8Array, pixel: number, rgb: Rgb, opacity: number): void {
  const at = 4 * pixel
  const alpha = data[at + 3]!
  if (alpha === 0) {
    data[at] = rgb[0]
    data[at + 1] = rgb[1]
    data[at + 2] = rgb[2]
    data[at + 3] = Math.round(opacity * 255)
    return
  }
  const rest = 1 - opacity
  data[at] = Math.round(data[at]! * rest + rgb[0] * opacity)
  data[at + 1] = Math.round(data[at + 1]! * rest + rgb[1] * opacity)
  data[at + 2] = Math.round(data[at + 2]! * rest + rgb[2] * opacity)
  data[at + 3] = Math.round(alpha + (255 - alpha) * opacity)
}

/** Pixels inside of the wanted numbers that have a neighbour outside. */
function outlineOf(numbers: Float64Array, widthPx: number, wanted: ReadonlySet<number>): number[] {
  const isIn = new Uint8Array(numbers.length)
  for (let pixel = 0; pixel < isIn.length; pixel++) {
    // most have the number of the one before
    if (pixel > 0 && numbers[pixel] === numbers[pixel - 1]) isIn[pixel] = isIn[pixel - 1]!
    else if (wanted.has(numbers[pixel]!)) isIn[pixel] = 1
  }
  const outline: number[] = []
  for (let pixel = isIn.indexOf(1); pixel >= 0; pixel = isIn.indexOf(1, pixel + 1)) {
    const column = pixel % widthPx
    const isInside =
      column > 0 &&
      column < widthPx - 1 &&
      isIn[pixel - 1] === 1 &&
      isIn[pixel + 1] === 1 &&
      isIn[pixel - widthPx] === 1 &&
      isIn[pixel + widthPx] === 1
    if (!isInside) outline.push(pixel)
  }
  return outline
}
