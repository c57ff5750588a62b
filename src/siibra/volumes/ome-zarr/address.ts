/** The address of an OME-Zarr as a configuration has it: a URL, and behind `#` what its metadata leave out. */
import { SiibraError } from '../../errors.ts'
import type { Triple } from '../affine.ts'
import { type Direction, NAMED_DIRECTIONS } from './directions.ts'
import { MM_BY_UNIT } from './units.ts'

export interface ZarrAddress {
  /** The folder of the image, without a slash behind it. */
  url: string
  /** mm of the unit of axes that name none. */
  mmWithoutUnit?: number
  /** Where the axes of space lead, in the order of the array, where the metadata do not tell. */
  directions?: Direction[]
  /** Added to all positions, mm, RAS. */
  offsetMm: Triple
}

const LETTERS: Readonly<Record<string, string>> = {
  r: 'right-to-left',
  l: 'left-to-right',
  a: 'anterior-to-posterior',
  p: 'posterior-to-anterior',
  s: 'superior-to-inferior',
  i: 'inferior-to-superior',
}

/**
 * `https://a.org/b.zarr#unit=millimeter&orientation=asr&offset_mm=-1,-1,-1`: the unit of axes without one; letters of where each of the three
 * axes begins (as BrainGlobe has them), for axes without orientation; what is added to all positions (mm, RAS). BAD_CONFIGURATION for anything else.
 */
export function parseZarrAddress(address: string): ZarrAddress {
  const at = address.indexOf('#')
  const url = (at < 0 ? address : address.slice(0, at))
    .trim()
    .replace(/^zarr:\/\//, '')
    .replace(/\/+$/, '')
  const parsed: ZarrAddress = { url, offsetMm: [0, 0, 0] }
  if (at < 0) return parsed
  for (const [name, value] of new URLSearchParams(address.slice(at + 1))) {
    const fail = (allowed: string): never => {
      throw new SiibraError('BAD_CONFIGURATION', `${address}: '${name}=${value}' behind # is not read; ${allowed}`, {
        url,
      })
    }
    if (name === 'unit') {
      parsed.mmWithoutUnit = MM_BY_UNIT.get(value) ?? fail(`units are ${[...MM_BY_UNIT.keys()].join(', ')}`)
    } else if (name === 'orientation') {
      const directions = [...value.toLowerCase()].map((letter) => NAMED_DIRECTIONS.get(LETTERS[letter] ?? ''))
      const isWhole = new Set(directions.map((direction) => direction?.axis)).size === 3 && directions.length === 3
      if (!isWhole || directions.includes(undefined)) fail('it is three letters, one each of r/l, a/p and s/i')
      parsed.directions = directions as Direction[]
    } else if (name === 'offset_mm') {
      const [x, y, z, ...more] = value.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
      if (more.length > 0 || ![x, y, z].every(Number.isFinite)) fail('it is x,y,z in mm')
      parsed.offsetMm = [x!, y!, z!]
    } else fail('known are unit, orientation and offset_mm')
  }
  return parsed
}
