import { SiibraError } from '../errors.ts'

/** A position in a space, mm, RAS; `sigmaMm` is the isotropic standard deviation of its location, 0 for an exact one. */
export interface Point {
  coordinateMm: readonly [number, number, number]
  spaceId: string
  sigmaMm: number
}

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`
const TRIPLE = new RegExp(
  String.raw`^\(?\s*(${NUMBER})\s*(mm)?(?:\s*,\s*|\s+)(${NUMBER})\s*(mm)?(?:\s*,\s*|\s+)(${NUMBER})\s*(mm)?\s*\)?$`,
)
const ALLOWED = 'three numbers in mm, as `-8.75mm,-88.25mm,1.5mm`, `-8.75,-88.25,1.5` or `[-8.75, -88.25, 1.5]`'

/**
 * Coordinates in mm as people write them: three numbers, each with `mm` (siibra's notation) or none of them, with commas or
 * blanks between and possibly brackets around them, or a JSON list. INVALID_PARAMETER for anything else.
 */
export function parsePoint(text: string, parameter = 'point'): [number, number, number] {
  const spec = text.trim()
  const numbers = spec.startsWith('[') ? parseList(spec) : parseTriple(spec)
  if (!numbers) {
    const shown = spec.length > 60 ? `${spec.slice(0, 60)}...` : spec
    throw new SiibraError('INVALID_PARAMETER', `${parameter} '${shown}' is no point: ${ALLOWED} are expected`, {
      parameter,
      allowed: ALLOWED,
    })
  }
  return numbers
}

function parseTriple(spec: string): [number, number, number] | undefined {
  const match = TRIPLE.exec(spec)
  if (!match) return undefined
  const units = [match[2], match[4], match[6]]
  if (units.some((unit) => unit !== units[0])) return undefined
  return finiteTriple([match[1], match[3], match[5]].map(Number))
}

/** Of a text that begins with a bracket, so that it is a list if it is JSON. */
function parseList(spec: string): [number, number, number] | undefined {
  try {
    return finiteTriple(JSON.parse(spec))
  } catch {
    return undefined
  }
}

function finiteTriple(numbers: number[]): [number, number, number] | undefined {
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = numbers
  return numbers.length <= 3 && [x, y, z].every(Number.isFinite) ? [x, y, z] : undefined
}
