/** Red, green, blue (0 to 255) and opacity (0 to 1) of a region. */
export interface RegionColour {
  rgb: readonly [number, number, number]
  opacity: number
}

/** The viewer's table of colours by number, the background first. */
export function tableOf(colours: readonly RegionColour[]) {
  const channel = (at: 0 | 1 | 2) => [0, ...colours.map(({ rgb }) => rgb[at])]
  return {
    R: channel(0),
    G: channel(1),
    B: channel(2),
    A: [0, ...colours.map(({ opacity }) => Math.round(opacity * 255))],
    I: [0, ...colours.map((_, at) => at + 1)],
    labels: ['', ...colours.map((_, at) => String(at + 1))],
  }
}

/**
 * Colours of voxels by their numbers (0 is clear), as the bytes R, G, B, A. The viewer's own labels know no opacity between clear and full, so that
 * it is given colours: 7 million voxels take some 20 ms.
 */
export function paint(pixels: Uint32Array, numbers: Uint16Array, colours: readonly RegionColour[]): void {
  const table = Uint32Array.from([
    0,
    ...colours.map(
      ({ rgb: [r, g, b], opacity }) => ((Math.round(opacity * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0,
    ),
  ])
  for (let at = 0; at < numbers.length; at++) pixels[at] = table[numbers[at]!]!
}
