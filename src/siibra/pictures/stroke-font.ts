/**
 * The few signs that pictures need, as lines: so that pictures look the same everywhere, without fonts. Each sign is some lines of points
 * (column, row) on a grid of 4 x 6 with the origin at its upper left.
 */
const GLYPHS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  '0': [[1, 0, 3, 0, 4, 1, 4, 5, 3, 6, 1, 6, 0, 5, 0, 1, 1, 0]],
  '1': [
    [1, 1, 2, 0, 2, 6],
    [1, 6, 3, 6],
  ],
  '2': [[0, 1, 1, 0, 3, 0, 4, 1, 4, 2, 0, 6, 4, 6]],
  '3': [[0, 0, 4, 0, 2, 2.5, 3, 2.5, 4, 3.5, 4, 5, 3, 6, 1, 6, 0, 5]],
  '4': [[3, 6, 3, 0, 0, 4, 4, 4]],
  '5': [[4, 0, 0, 0, 0, 2.5, 3, 2.5, 4, 3.5, 4, 5, 3, 6, 1, 6, 0, 5]],
  '6': [[3.5, 0, 1.5, 0, 0, 2, 0, 5, 1, 6, 3, 6, 4, 5, 4, 3.5, 3, 2.5, 1, 2.5, 0, 3.5]],
  '7': [[0, 0, 4, 0, 1.5, 6]],
  '8': [[1, 3, 0, 2, 0, 1, 1, 0, 3, 0, 4, 1, 4, 2, 3, 3, 1, 3, 0, 4, 0, 5, 1, 6, 3, 6, 4, 5, 4, 4, 3, 3]],
  '9': [[0.5, 6, 2.5, 6, 4, 4, 4, 1, 3, 0, 1, 0, 0, 1, 0, 2.5, 1, 3.5, 3, 3.5, 4, 2.5]],
  '.': [[1.7, 6, 2.3, 6]],
  '-': [[0.5, 3, 3.5, 3]],
  '=': [
    [0.5, 2.2, 3.5, 2.2],
    [0.5, 4, 3.5, 4],
  ],
  L: [[0, 0, 0, 6, 4, 6]],
  R: [
    [0, 6, 0, 0, 3, 0, 4, 1, 4, 2, 3, 3, 0, 3],
    [2, 3, 4, 6],
  ],
  A: [
    [0, 6, 2, 0, 4, 6],
    [0.7, 4, 3.3, 4],
  ],
  P: [[0, 6, 0, 0, 3, 0, 4, 1, 4, 2, 3, 3, 0, 3]],
  S: [[4, 1, 3, 0, 1, 0, 0, 1, 0, 2, 1, 3, 3, 3, 4, 4, 4, 5, 3, 6, 1, 6, 0, 5]],
  I: [
    [1, 0, 3, 0],
    [2, 0, 2, 6],
    [1, 6, 3, 6],
  ],
  c: [[4, 2.7, 3.3, 2, 0.7, 2, 0, 2.7, 0, 5.3, 0.7, 6, 3.3, 6, 4, 5.3]],
  m: [
    [0, 6, 0, 2],
    [0, 2.7, 0.7, 2, 1.3, 2, 2, 2.7, 2, 6],
    [2, 2.7, 2.7, 2, 3.3, 2, 4, 2.7, 4, 6],
  ],
  u: [
    [0, 2, 0, 5.2, 0.8, 6, 3, 6, 4, 5.2],
    [4, 2, 4, 6],
  ],
  x: [
    [0.5, 2, 3.5, 6],
    [3.5, 2, 0.5, 6],
  ],
  y: [
    [0.5, 2, 2, 5],
    [3.5, 2, 1.5, 7, 0.5, 7],
  ],
  z: [[0.5, 2, 3.5, 2, 0.5, 6, 3.5, 6]],
}

const ADVANCE = 6
const HEIGHT = 6

/** Width of a text in pixels at a height of its capitals. */
export const textWidthPx = (text: string, heightPx: number): number =>
  Math.max(0, text.length * ADVANCE - (ADVANCE - 4)) * (heightPx / HEIGHT)

/**
 * A text as the `d` of an SVG path that is stroked, not filled; its upper left at (x, y). Signs that there are no lines for are left blank.
 */
export function textPath(text: string, x: number, y: number, heightPx: number): string {
  const scale = heightPx / HEIGHT
  const lines = [...text].flatMap((sign, at) =>
    (GLYPHS[sign] ?? []).map((points) => {
      const steps: string[] = []
      for (let n = 0; n < points.length; n += 2) {
        const [column, row] = [points[n] ?? 0, points[n + 1] ?? 0]
        steps.push(`${round(x + (at * ADVANCE + column) * scale)} ${round(y + row * scale)}`)
      }
      return `M${steps.join('L')}`
    }),
  )
  return lines.join('')
}

const round = (value: number) => Math.round(value * 100) / 100
