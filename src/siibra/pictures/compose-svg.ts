import { escapeXml } from '../escape-xml.ts'
import type { Rgb } from './colours.ts'
import type { Raster } from './draw-slice.ts'
import { encodePng } from './encode-png.ts'
import type { PlaneView } from './plane.ts'
import { textPath, textWidthPx } from './stroke-font.ts'

/** A slice that has been drawn, and what it shows. */
export interface Panel {
  view: PlaneView
  raster: Raster
}

export interface ComposeOptions {
  /** Transparent where it is left out. */
  background?: Rgb | undefined
  ink: Rgb
  /** For readers that do not see it. */
  title: string
}

const GAP_PX = 8

/** Slices side by side as an SVG, each with the letters of its directions, where it lies, and a bar that tells its scale. */
export function composeSvg(panels: readonly Panel[], options: ComposeOptions): string {
  return compose(panels, options, embed)
}

/** What `composeSvg` draws over the slices, on nothing. */
export const composeSigns = (panels: readonly Panel[], options: Omit<ComposeOptions, 'background'>): string =>
  compose(panels, { ...options, background: undefined }, () => '')

/** Where the upper left of each slice lies in the picture, and the size of that. */
export function layOut(panels: readonly Panel[]) {
  const widthPx = panels.reduce((sum, { view }) => sum + view.widthPx + GAP_PX, -GAP_PX)
  const heightPx = panels.reduce((most, { view }) => Math.max(most, view.heightPx), 0)
  let left = 0
  const places = panels.map(({ view }) => {
    const place = { left, top: Math.round((heightPx - view.heightPx) / 2) }
    left += view.widthPx + GAP_PX
    return place
  })
  return { widthPx, heightPx, places }
}

function compose(
  panels: readonly Panel[],
  { background, ink, title }: ComposeOptions,
  embedRaster: (raster: Raster) => string,
): string {
  const { widthPx: width, heightPx: height, places } = layOut(panels)
  const parts = panels.map(({ view, raster }, n) => {
    const { left, top } = places[n]!
    return `<g transform="translate(${left} ${top})">${embedRaster(raster)}${annotate(view, ink)}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    ...(background ? [`<rect width="100%" height="100%" fill="${hex(background)}"/>`] : []),
    ...parts,
    '</svg>',
  ].join('')
}

function embed(raster: Raster): string {
  const href = `data:image/png;base64,${Buffer.from(encodePng(raster)).toString('base64')}`
  return `<image width="${raster.widthPx}" height="${raster.heightPx}" href="${href}"/>`
}

/** Letters, position and scale bar, as far as the picture is large enough for them. */
function annotate(view: PlaneView, ink: Rgb): string {
  const { widthPx, heightPx, letters } = view
  if (Math.min(widthPx, heightPx) < 64) return ''
  const size = Math.min(14, Math.max(7, Math.min(widthPx, heightPx) / 22))
  const pad = size * 0.7
  const middle = (heightPx - size) / 2
  const centred = (text: string) => (widthPx - textWidthPx(text, size)) / 2
  const place = `${{ sagittal: 'x', coronal: 'y', axial: 'z' }[view.plane]}=${formatMm(view.atMm)}`
  const bar = scaleBar(view, size)
  const paths = [
    textPath(letters.left, pad, middle, size),
    textPath(letters.right, widthPx - pad - textWidthPx(letters.right, size), middle, size),
    textPath(letters.top, centred(letters.top), pad, size),
    textPath(letters.bottom, centred(letters.bottom), heightPx - pad - size, size),
    textPath(place, pad, pad, size),
    bar,
  ]
  // A wide line in the opposite colour below, so that signs can be read on any ground.
  const d = paths.join('')
  const line = (colour: string, width: number) =>
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
  const contrast = ink[0] + ink[1] + ink[2] > 382 ? '#000000' : '#ffffff'
  return line(contrast, size / 3.2) + line(hex(ink), size / 7)
}

/** A bar of a round length, at most a third of the width, at the lower right. */
function scaleBar({ widthPx, heightPx, mmPerPx }: PlaneView, size: number): string {
  const most = (widthPx * mmPerPx) / 3
  const power = 10 ** Math.floor(Math.log10(most))
  const lengthMm = [5, 2, 1].map((factor) => factor * power).find((length) => length <= most) ?? power
  const lengthPx = lengthMm / mmPerPx
  const text =
    lengthMm >= 10 ? `${lengthMm / 10} cm` : lengthMm >= 1 ? `${lengthMm} mm` : `${formatMm(lengthMm * 1000)} um`
  const pad = size * 0.7
  const right = widthPx - pad
  const y = heightPx - pad - size * 0.3
  const label = textPath(text, right - textWidthPx(text, size), y - size * 1.6, size)
  return `M${right - lengthPx} ${y - size * 0.3}V${y}H${right}V${y - size * 0.3}${label}`
}

const formatMm = (value: number) => String(Math.round(value * 100) / 100)

export const hex = (rgb: Rgb): string => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`
