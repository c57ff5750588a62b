import { MAX_POINTS } from '../../models/points.ts'
import { bodyError, bodyText, type RequestBody } from '../../tasks/body.ts'

/** Points as a client sent them, as columns. */
export interface SentPoints {
  count: number
  /** x, y, z of each point, mm. */
  coordinatesMm: Float64Array
  /** Uncertainty of each; NaN where a point has none of its own. */
  sigmaMm: Float64Array
  /** What the answer calls them; their numbers where nothing is given. */
  ids?: (string | number)[] | undefined
}

/** The points of a JSON or CSV body. Throws INVALID_PARAMETER, which says where in it something is wrong. */
export function parsePoints(body: RequestBody): SentPoints {
  return body.mediaType === 'text/csv' ? parseCsv(bodyText(body)) : parseJson(bodyText(body))
}

function parseJson(text: string): SentPoints {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bodyError('The body is not JSON: `{"points": [[x, y, z], ...]}` is expected')
  }
  if (typeof value !== 'object' || value === null) throw bodyError('The body is no object with `points`')
  const { points, sigma_mm: sigma, ids } = value as Record<string, unknown>
  if (!Array.isArray(points)) throw bodyError('`points` is no list of [x, y, z]', { member: 'points' })
  const sent = emptyPoints(points.length)
  for (const [number, point] of points.entries()) {
    if (!Array.isArray(point) || point.length !== 3 || !point.every((value) => typeof value === 'number'))
      throw bodyError(`points[${number}] is no [x, y, z] of numbers`, { member: `points[${number}]` })
    sent.coordinatesMm.set(point, 3 * number)
  }
  if (sigma !== undefined) fillSigma(sent, sigma)
  if (ids !== undefined) sent.ids = checkIds(ids, sent.count)
  return sent
}

function fillSigma({ sigmaMm, count }: SentPoints, sigma: unknown): void {
  const isUncertainty = (value: unknown) => typeof value === 'number' && value >= 0
  if (isUncertainty(sigma)) return void sigmaMm.fill(sigma as number)
  if (!Array.isArray(sigma)) throw bodyError('`sigma_mm` is neither a number from 0 on nor a list of them')
  if (sigma.length !== count) throw bodyError(`\`sigma_mm\` has ${sigma.length} values for ${count} points`)
  for (const [number, value] of sigma.entries()) {
    if (!isUncertainty(value)) throw bodyError(`sigma_mm[${number}] is no number from 0 on`)
    sigmaMm[number] = value
  }
}

function checkIds(ids: unknown, count: number): (string | number)[] {
  if (!Array.isArray(ids) || ids.length !== count) throw bodyError(`\`ids\` is no list of ${count}, one for each point`)
  const odd = ids.findIndex((id) => typeof id !== 'string' && typeof id !== 'number')
  if (odd >= 0) throw bodyError(`ids[${odd}] is neither text nor a number`)
  return ids
}

const COLUMNS = ['x', 'y', 'z', 'sigma_mm', 'id'] as const

function parseCsv(text: string): SentPoints {
  const lines = readCsv(text)
  const first = lines.next()
  if (first.done) throw bodyError('The CSV is empty: a header with x, y, z is expected')
  const names = first.value.cells.map((name) => name.trim().toLowerCase())
  const [x, y, z, sigma, id] = COLUMNS.map((name) => names.indexOf(name)) as [number, number, number, number, number]
  const missing = ['x', 'y', 'z'].filter((name) => !names.includes(name))
  if (missing.length > 0)
    throw bodyError(`Line 1: the header has no column ${missing.join(', ')} (x, y, z, and perhaps sigma_mm, id)`)
  const coordinates: number[] = []
  const sigmas: number[] = []
  const ids: string[] = []
  for (const { cells, line } of lines) {
    if (cells.length !== names.length)
      throw bodyError(`Line ${line} has ${cells.length} columns, the header has ${names.length}`, { line })
    for (const column of [x, y, z]) coordinates.push(readNumber(cells[column], names[column], line))
    const given = sigma < 0 ? '' : (cells[sigma] ?? '').trim()
    sigmas.push(given === '' ? Number.NaN : readNumber(given, 'sigma_mm', line, 0))
    if (id >= 0) ids.push(cells[id] ?? '')
    if (sigmas.length > MAX_POINTS) throw tooMany('more')
  }
  const sent = emptyPoints(sigmas.length)
  sent.coordinatesMm.set(coordinates)
  sent.sigmaMm.set(sigmas)
  if (id >= 0) sent.ids = ids
  return sent
}

function readNumber(text = '', column = '', line = 0, least = Number.NEGATIVE_INFINITY): number {
  const trimmed = text.trim()
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN
  if (Number.isFinite(value) && value >= least) return value
  const expected = least === 0 ? 'a number from 0 on' : 'a number'
  throw bodyError(`Line ${line}, column ${column}: '${trimmed.slice(0, 40)}' is not ${expected}`, { line, column })
}

function emptyPoints(count: number): SentPoints {
  if (count > MAX_POINTS) throw tooMany(String(count))
  return { count, coordinatesMm: new Float64Array(3 * count), sigmaMm: new Float64Array(count).fill(Number.NaN) }
}

const tooMany = (count: string) =>
  bodyError(`${count} points are too many: ${MAX_POINTS} in one request`, { allowed: MAX_POINTS })

/** Lines of CSV with the number at which each begins; empty ones are left out. Fields in quotes may hold commas, quotes and line ends. */
function* readCsv(text: string): Generator<{ cells: string[]; line: number }> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1
  while (at < text.length) {
    const end = endOfLine(text, at)
    const row = text.slice(at, end)
    if (!row.includes('"')) {
      if (row.trim() !== '') yield { cells: row.replace(/\r$/, '').split(','), line }
      line++
      at = end + 1
      continue
    }
    const quoted = readQuoted(text, at, line)
    yield { cells: quoted.cells, line }
    line += quoted.lines
    at = quoted.end
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function readQuoted(text: string, from: number, line: number): { cells: string[]; end: number; lines: number } {
  const cells: string[] = []
  let cell = ''
  let lines = 1
  let at = from
  for (; at < text.length && text[at] !== '\n'; at++) {
    const sign = text[at]
    if (sign === ',') {
      cells.push(cell)
      cell = ''
    } else if (sign !== '"') cell += sign
    else {
      const close = closingQuote(text, at + 1)
      if (close < 0) throw bodyError(`Line ${line}: a quote is not closed`, { line })
      const inner = text.slice(at + 1, close)
      lines += inner.split('\n').length - 1
      cell += inner.replaceAll('""', '"')
      at = close
    }
  }
  cells.push(cell.replace(/\r$/, ''))
  return { cells, end: at + 1, lines }
}

/** The quote that ends a field: one that no other follows. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at
  return -1
}
