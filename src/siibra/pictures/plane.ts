import type { BoxMm } from '../maps/grids/grid-boxes.ts'
import type { Triple } from '../volumes/affine.ts'

/** The planes that a brain is cut along, with the words of the field (axial is also called horizontal). */
export const PLANES = ['sagittal', 'coronal', 'axial'] as const
export type Plane = (typeof PLANES)[number]

/** Axes (0 x, 1 y, 2 z) of each plane: the one across it, the one to the right of the picture, the one upwards. */
const AXES: Record<Plane, { across: number; right: number; up: number }> = {
  sagittal: { across: 0, right: 1, up: 2 },
  coronal: { across: 1, right: 0, up: 2 },
  axial: { across: 2, right: 0, up: 1 },
}

/** Letters at the low and the high end of x, y and z. */
const LETTERS = ['LR', 'PA', 'IS']

/** A rectangle of a plane in mm, and the picture that shows it. */
export interface PlaneView {
  plane: Plane
  /** Where the plane cuts its axis, mm. */
  atMm: number
  widthPx: number
  heightPx: number
  mmPerPx: number
  /** Left and upper end of the picture, along the axes to the right and upwards, mm. */
  leftMm: number
  topMm: number
  /** Letters of the directions at the four sides; left is left (neurological convention). */
  letters: { left: string; right: string; top: string; bottom: string }
}

/** The size of a pixel with which the longest side of a box that is seen in one of some planes has `sizePx` pixels, mm. */
export function pixelSizeMm(planes: readonly Plane[], { minMm, maxMm }: BoxMm, sizePx: number): number {
  const axes = planes.flatMap((plane) => [AXES[plane].right, AXES[plane].up])
  return Math.max(...axes.map((axis) => maxMm[axis]! - minMm[axis]!)) / sizePx
}

/** The view of a plane through a box. */
export function viewPlane(plane: Plane, atMm: number, { minMm, maxMm }: BoxMm, mmPerPx: number): PlaneView {
  const { right, up } = AXES[plane]
  const widthMm = maxMm[right]! - minMm[right]!
  const heightMm = maxMm[up]! - minMm[up]!
  return {
    plane,
    atMm,
    mmPerPx,
    widthPx: Math.max(1, Math.round(widthMm / mmPerPx)),
    heightPx: Math.max(1, Math.round(heightMm / mmPerPx)),
    leftMm: minMm[right]!,
    topMm: maxMm[up]!,
    letters: {
      left: LETTERS[right]![0]!,
      right: LETTERS[right]![1]!,
      bottom: LETTERS[up]![0]!,
      top: LETTERS[up]![1]!,
    },
  }
}

/** The coordinate of a point along the axis that a plane cuts. */
export const acrossOf = (plane: Plane, pointMm: Triple): number => pointMm[AXES[plane].across]!

/** The point in mm at the centre of a pixel (column, row from the upper left). */
export function pixelToWorldMm(view: PlaneView, column: number, row: number): [number, number, number] {
  const { across, right, up } = AXES[view.plane]
  const pointMm: [number, number, number] = [0, 0, 0]
  pointMm[across] = view.atMm
  pointMm[right] = view.leftMm + (column + 0.5) * view.mmPerPx
  pointMm[up] = view.topMm - (row + 0.5) * view.mmPerPx
  return pointMm
}

/** The pixel (with fractions) at which a point is seen. */
export function worldToPixel(view: PlaneView, pointMm: Triple): [column: number, row: number] {
  const { right, up } = AXES[view.plane]
  return [(pointMm[right]! - view.leftMm) / view.mmPerPx, (view.topMm - pointMm[up]!) / view.mmPerPx]
}
