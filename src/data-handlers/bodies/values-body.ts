import Type from 'typebox'
import { MAX_REGION_VALUES } from '../../models/images.ts'
import { type Parcellation, type Region, SiibraError } from '../../siibra/index.ts'
import { bodyError, bodyText, parseJsonBody, type RequestBody } from '../../tasks/answer/body.ts'
import { lookUpRequestedRegion } from '../look-up-region.ts'
import { readCsv, readNumber } from './csv-body.ts'

/** What a client says of a region, and where it stands in the body. */
interface SentValue {
  spec: string
  value: number
  /** A member of JSON, or a line. */
  place: string
}

/** Values by region of a JSON or CSV body. Throws INVALID_PARAMETER for a region that is unknown, or has two values. */
export function parseRegionValues(body: RequestBody, parcellation: Parcellation): Map<Region, number> {
  const sent = body.mediaType === 'text/csv' ? [...parseCsv(bodyText(body))] : parseJson(body)
  if (sent.length === 0) throw bodyError('The body has no value of a region')
  const values = new Map<Region, number>()
  for (const { spec, value, place } of sent) {
    if (Math.abs(value) > MAX_FLOAT32) throw bodyError(`${place}: ${value} is too large for float32`)
    const region = regionOf(parcellation, spec, place)
    if (values.has(region) && values.get(region) !== value)
      throw bodyError(`${place}: the region '${region.name}' has another value before`)
    values.set(region, value)
  }
  return values
}

const MAX_FLOAT32 = 3.4028234663852886e38

function regionOf(parcellation: Parcellation, spec: string, place: string): Region {
  if (spec === parcellation.name || spec === parcellation.id) return parcellation
  try {
    return lookUpRequestedRegion(parcellation, spec).object
  } catch (thrown) {
    if (!(thrown instanceof SiibraError)) throw thrown
    const { parameter: _, ...details } = thrown.details
    throw bodyError(`${place}: ${thrown.message}`, { ...details, region: spec })
  }
}

function parseJson(body: RequestBody): SentValue[] {
  const { values } = parseJsonBody(body, Type.Object({ values: Type.Record(Type.String(), Type.Unknown()) }))
  const members = Object.entries(values)
  if (members.length > MAX_REGION_VALUES) throw tooMany()
  return members.flatMap(([spec, value]) => {
    const place = `values[${JSON.stringify(spec.slice(0, 100))}]`
    if (value === null) return []
    if (typeof value !== 'number') throw bodyError(`${place} is no number`)
    return [{ spec, value, place }]
  })
}

const REGION_COLUMNS = ['region', 'region_id', 'name']

function* parseCsv(text: string): Generator<SentValue> {
  const lines = readCsv(text)
  const first = lines.next()
  const names = first.done ? [] : first.value.cells.map((name) => name.trim().toLowerCase())
  const region = names.findIndex((name) => REGION_COLUMNS.includes(name))
  const value = names.indexOf('value')
  if (region < 0 || value < 0) throw bodyError('Line 1: the CSV needs a header with the columns region and value')
  let count = 0
  for (const { cells, line } of lines) {
    if (cells.length !== names.length)
      throw bodyError(`Line ${line} has ${cells.length} columns, the header has ${names.length}`, { line })
    if (++count > MAX_REGION_VALUES) throw tooMany()
    const number = cells[value]?.trim() ?? ''
    if (number === '') continue
    yield {
      spec: cells[region]?.trim() ?? '',
      value: readNumber(number, 'value', line),
      place: `Line ${line}`,
    }
  }
}

const tooMany = () => bodyError(`Too many values: ${MAX_REGION_VALUES} at most`, { allowed: MAX_REGION_VALUES })
