import { runInSlices, type Slices, type Steps } from '../../siibra/index.ts'
import { bodyError, bodyText, type RequestBody } from '../../tasks/answer/body.ts'
import { readJsonLists, type TakeItems } from '../../tasks/answer/json-lists.ts'
import { DEFAULT_LIMITS } from '../../tasks/limits.ts'
import { readCsv, readNumber } from './csv-body.ts'

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

/** The points of a JSON or CSV body, `most` at most, read in slices. Throws INVALID_PARAMETER, which says where in it something is wrong. */
export function parsePoints(body: RequestBody, slices: Slices, most = DEFAULT_LIMITS.points): Promise<SentPoints> {
  return runInSlices(
    body.mediaType === 'text/csv' ? parseCsv(bodyText(body), most) : parseJson(body.bytes, most),
    slices,
  )
}

/** What is sent to be moved, in the form of the EBRAINS spatial backend. */
export interface SentTransform {
  sourceSpace: string
  targetSpace: string
  coordinatesMm: Float64Array
}

/** Points and the names of two spaces, as JSON. Throws as {@link parsePoints}. */
export function parseTransform(
  { bytes }: RequestBody,
  slices: Slices,
  most = DEFAULT_LIMITS.points,
): Promise<SentTransform> {
  return runInSlices(parseTransformJson(bytes, most), slices)
}

function* parseTransformJson(bytes: Uint8Array, most: number): Steps<SentTransform> {
  const coordinates = createNumbers(3, most)
  const { source_points, ...members } = yield* readJsonLists(bytes, {
    source_points: takePoints('source_points', coordinates),
  })
  if (!coordinates.isUsed() || source_points !== coordinates.count()) throw noPoints('source_points')
  const spaceOf = (name: string): string => {
    const space = members[name]
    if (typeof space !== 'string' || space.length > MAX_NAME_LENGTH)
      throw bodyError(`\`${name}\` is no name of a space`, { member: name })
    return space
  }
  return {
    sourceSpace: spaceOf('source_space'),
    targetSpace: spaceOf('target_space'),
    coordinatesMm: coordinates.take(),
  }
}

const MAX_NAME_LENGTH = 1024

const takePoints =
  (name: string, coordinates: ReturnType<typeof createNumbers>): TakeItems =>
  (items, first) => {
    coordinates.cutTo(first)
    for (const [at, point] of items.entries()) {
      if (!Array.isArray(point) || point.length !== 3 || !point.every(Number.isFinite))
        throw bodyError(`${name}[${first + at}] is no [x, y, z] of numbers`, { member: `${name}[${first + at}]` })
      coordinates.add(point)
    }
  }

const noPoints = (name: string) => bodyError(`\`${name}\` is no list of [x, y, z]`, { member: name })

function* parseJson(bytes: Uint8Array, most: number): Steps<SentPoints> {
  const coordinates = createNumbers(3, most)
  const sigmas = createNumbers(1, most)
  let ids: (string | number)[] = []
  const members = yield* readJsonLists(bytes, {
    points: takePoints('points', coordinates),
    sigma_mm(items, first) {
      sigmas.cutTo(first)
      for (const [at, sigma] of items.entries()) {
        if (!isUncertainty(sigma)) throw bodyError(`sigma_mm[${first + at}] is no number from 0 on`)
        sigmas.add([sigma])
      }
    },
    ids(items, first) {
      if (first === 0) ids = []
      for (const [at, id] of items.entries()) {
        if (typeof id !== 'string' && typeof id !== 'number')
          throw bodyError(`ids[${first + at}] is neither text nor a number`)
        if (ids.push(id) > most) throw tooMany(most)
      }
    },
  })
  const { points: count, sigma_mm: sigma } = members
  if (!coordinates.isUsed() || typeof count !== 'number' || count !== coordinates.count()) throw noPoints('points')
  const sent: SentPoints = { count, coordinatesMm: coordinates.take(), sigmaMm: sigmas.take() }
  if (sigmas.isUsed()) {
    if (sigmas.count() !== count) throw bodyError(`\`sigma_mm\` has ${sigmas.count()} values for ${count} points`)
  } else {
    if (sigma !== undefined && !isUncertainty(sigma))
      throw bodyError('`sigma_mm` is neither a number from 0 on nor a list of them')
    sent.sigmaMm = new Float64Array(count).fill(sigma ?? Number.NaN)
  }
  if (members.ids === undefined) return sent
  if (members.ids !== count || ids.length !== count)
    throw bodyError(`\`ids\` is no list of ${count}, one for each point`)
  return { ...sent, ids }
}

const isUncertainty = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0

/** Numbers of rows, which grow, up to as many rows as there may be points. */
function createNumbers(width: number, most: number) {
  let values = new Float64Array(Math.min(1024, most) * width)
  let used = 0
  let isUsed = false
  return {
    /** Whether there was a list at all, be it an empty one. */
    isUsed: () => isUsed,
    count: () => used / width,
    /** A list that begins anew takes the place of an earlier one. */
    cutTo(rows: number) {
      isUsed = true
      used = rows * width
    },
    add(row: readonly number[]) {
      if (used === values.length) {
        if (used >= most * width) throw tooMany(most)
        const larger = new Float64Array(Math.min(2 * used, most * width))
        larger.set(values)
        values = larger
      }
      for (let at = 0; at < width; at++) values[used++] = row[at] as number
    },
    take: () => values.subarray(0, used),
  }
}

const COLUMNS = ['x', 'y', 'z', 'sigma_mm', 'id'] as const
/** Lines of CSV between two looks at the time. */
const LINES_PER_STEP = 128

function* parseCsv(text: string, most: number): Steps<SentPoints> {
  const lines = readCsv(text)
  const first = lines.next()
  if (first.done) throw bodyError('The CSV is empty: a header with x, y, z is expected')
  const names = first.value.cells.map((name) => name.trim().toLowerCase())
  const [x, y, z, sigma, id] = COLUMNS.map((name) => names.indexOf(name)) as [number, number, number, number, number]
  const missing = ['x', 'y', 'z'].filter((name) => !names.includes(name))
  if (missing.length > 0)
    throw bodyError(`Line 1: the header has no column ${missing.join(', ')} (x, y, z, and perhaps sigma_mm, id)`)
  const coordinates = createNumbers(3, most)
  const sigmas = createNumbers(1, most)
  const ids: string[] = []
  for (const { cells, line } of lines) {
    if (cells.length !== names.length)
      throw bodyError(`Line ${line} has ${cells.length} columns, the header has ${names.length}`, { line })
    coordinates.add([x, y, z].map((column) => readNumber(cells[column], names[column], line)))
    const given = sigma < 0 ? '' : (cells[sigma] ?? '').trim()
    sigmas.add([given === '' ? Number.NaN : readNumber(given, 'sigma_mm', line, 0)])
    if (id >= 0) ids.push(cells[id] ?? '')
    if (sigmas.count() % LINES_PER_STEP === 0) yield
  }
  return {
    count: sigmas.count(),
    coordinatesMm: coordinates.take(),
    sigmaMm: sigmas.take(),
    ...(id >= 0 ? { ids } : {}),
  }
}

const tooMany = (most: number) => bodyError(`More than ${most} points are too many in one request`, { allowed: most })
