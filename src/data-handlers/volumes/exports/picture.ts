import { DrawParams } from '../../../models/exports/pictures.ts'
import {
  drawAtlasPicture,
  fetchStatisticalMap,
  type Parcellation,
  PLANES,
  type Plane,
  parseHexColour,
  type Region,
  type Rgb,
  SiibraError,
} from '../../../siibra/index.ts'
import type { DataHandler } from '../../../tasks/task.ts'
import { lookUpRequestedRegion } from '../../look-up-region.ts'
import { matchHeaders } from '../../match-header.ts'
import { requireMap } from '../find-map.ts'

/** Slices through a space, with what a parcellation draws there; three planes where none is named. */
export const drawPicture: DataHandler<DrawParams> = {
  name: 'draw_picture',
  queue: 'volumes',
  params: DrawParams,
  async run({ form, plane, ...query }, context) {
    const { region_id, parcellation_id, space_id } = query
    const background = parseBackground(query.background)
    const core = await context.core()
    const space = core.spaces.lookUp(space_id)
    const parcellation = parcellation_id ? core.parcellations.lookUp(parcellation_id) : undefined
    if (!parcellation) requireParcellation(query)
    const region = parcellation && region_id ? lookUpRequestedRegion(parcellation.object, region_id) : undefined
    const bytes = await drawAtlasPicture(core, space.object, {
      form,
      planes: plane ? [planeOf(plane)] : PLANES,
      atMm: query.at_mm,
      sizePx: query.size,
      parcellation: parcellation?.object,
      region: region?.object,
      colours: parcellation && query.colors ? parseColours(query.colors, parcellation.object) : undefined,
      statistical: query.map_type === 'STATISTICAL' ? await fetchStatistical() : undefined,
      background,
      signal: context.signal,
    })
    const headers = matchHeaders({ parcellation, region, space })
    return { bytes, contentType: form === 'svg' ? 'image/svg+xml' : 'image/png', headers }

    async function fetchStatistical() {
      if (!region || !parcellation_id)
        throw invalid('region_id', 'the statistical map of which region? region_id is missing')
      const { map } = requireMap(core, { parcellation_id, space_id }, 'STATISTICAL')
      return fetchStatisticalMap(core, map, region.object.name, context.signal)
    }
  },
}

const planeOf = (plane: NonNullable<DrawParams['plane']>): Plane => (plane === 'horizontal' ? 'axial' : plane)

const GROUNDS: Readonly<Record<string, Rgb | undefined>> = {
  light: [255, 255, 255],
  dark: [0, 0, 0],
  transparent: undefined,
}

function parseBackground(text: string): Rgb | undefined {
  if (text in GROUNDS) return GROUNDS[text]
  const colour = parseHexColour(text)
  if (colour) return colour
  const allowed = [...Object.keys(GROUNDS), '#rrggbb']
  throw invalid('background', `'${text}' is none of ${allowed.join(', ')}`, allowed)
}

/** Regions, values and colours mean nothing without a parcellation. */
function requireParcellation(query: Omit<DrawParams, 'form' | 'plane'>): void {
  const asked = (['region_id', 'colors', 'map_type'] as const).find((name) => query[name])
  if (asked) throw invalid('parcellation_id', `${asked} needs a parcellation_id`)
}

function parseColours(text: string, parcellation: Parcellation): Map<Region, number | Rgb> {
  const allowed = 'JSON: {"<region>": <number or "#rrggbb">}'
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {}
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw invalid('colors', `an object is expected, as ${allowed}`, allowed)
  const colours = new Map<Region, number | Rgb>()
  for (const [name, value] of Object.entries(parsed)) {
    const colour = typeof value === 'number' ? value : typeof value === 'string' ? parseHexColour(value) : undefined
    if (colour === undefined) throw invalid('colors', `'${name}' has neither a number nor a colour`, allowed)
    colours.set(regionOf(name), colour)
  }
  if (colours.size === 0) throw invalid('colors', `no region is named; ${allowed}`, allowed)
  return colours

  function regionOf(name: string): Region {
    try {
      return lookUpRequestedRegion(parcellation, name).object
    } catch (thrown) {
      if (!(thrown instanceof SiibraError)) throw thrown
      throw new SiibraError(thrown.code, thrown.message, { ...thrown.details, parameter: 'colors' })
    }
  }
}

function invalid(parameter: string, what: string, allowed?: string | string[]): SiibraError {
  return new SiibraError('INVALID_PARAMETER', `${parameter}: ${what}`, { parameter, ...(allowed ? { allowed } : {}) })
}
