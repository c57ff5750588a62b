/**
 * Many points in one request, and what their table costs in each form: `POST /map/assign` as its handler does it, in maps of
 * realistic size whose files lie in memory. CPU seconds of this process, so that a busy machine does not count.
 *
 *   npm run bench:tables
 */

import { parsePoints } from '../src/data-handlers/bodies/points-body.ts'
import { assignedPointsTable } from '../src/serialization/assigned-points.ts'
import type { MapIndex, ParcellationMap, Region } from '../src/siibra/core/types.ts'
import { assignPoints } from '../src/siibra/maps/assignment/assign-points.ts'
import { createSlices, runInSlices } from '../src/siibra/slices.ts'
import { encodeAnswer } from '../src/tasks/execute.ts'
import { createAtlas, createBlob, createLabels, mapOf, toFile } from './maps/made-up-atlas.ts'

const SHAPE = [193, 229, 193] as const
const BLOB_SHAPE = [97, 115, 97] as const
const BLOBS = 60
const EXTENT_MM = 190

const labelled = createLabels(SHAPE, 1, 24)
const names = [...new Set(labelled.data)].filter((label) => label > 0).map((label) => `region ${label}`)
const files = new Map([
  ['labels.nii.gz', toFile(labelled)],
  ...Array.from({ length: BLOBS }, (_, n) => [`blob${n}.nii.gz`, toFile(createBlob(BLOB_SHAPE, 2, n + 1))] as const),
])
const atlas = createAtlas(files)
const at = (volume: number, label: number | null): MapIndex[] => [{ volume, label, fragment: null }]

function withRegions(map: ParcellationMap): ParcellationMap {
  const regions = [...map.indices.keys()].map(
    (name) =>
      ({
        name,
        id: `made-up/${name}`,
        kind: 'region',
        parcellation: map.parcellation,
        parent: null,
        children: [],
      }) as unknown as Region,
  )
  return { ...map, parcellation: { ...map.parcellation, regions } }
}
const maps = {
  labelled: withRegions(
    mapOf('LABELLED', ['labels.nii.gz'], new Map(names.map((name) => [name, at(0, Number(name.slice(7)))]))),
  ),
  statistical: withRegions(
    mapOf(
      'STATISTICAL',
      Array.from({ length: BLOBS }, (_, n) => `blob${n}.nii.gz`),
      new Map(Array.from({ length: BLOBS }, (_, n) => [`blob ${n}`, at(n, null)])),
    ),
  ),
}

/** The same numbers in every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function bodyOf(count: number, mediaType: 'application/json' | 'text/csv', sigmaMm = 0) {
  const random = createRandom(1)
  const points = Array.from({ length: count }, () =>
    [0, 0, 0].map(() => Number(((random() - 0.5) * EXTENT_MM).toFixed(3))),
  )
  const text =
    mediaType === 'text/csv'
      ? `x,y,z,sigma_mm\n${points.map((point) => `${point.join(',')},${sigmaMm}`).join('\n')}\n`
      : JSON.stringify({ points, sigma_mm: sigmaMm })
  return { mediaType, bytes: Buffer.from(text) }
}

interface Cost {
  cpuMs: number
  longestMs: number
}

/** What something costs: CPU time, and how much of it at most went by before the thread gave way. */
async function costOf<T>(work: () => Promise<T>): Promise<Cost & { value: T }> {
  let longestMs = 0
  let isOver = false
  const start = process.cpuUsage()
  let last = start
  const watch = () => {
    const used = process.cpuUsage(last)
    last = process.cpuUsage()
    longestMs = Math.max(longestMs, (used.user + used.system) / 1000)
    if (!isOver) setImmediate(watch)
  }
  setImmediate(watch)
  const value = await work()
  isOver = true
  const { user, system } = process.cpuUsage(start)
  return { value, cpuMs: (user + system) / 1000, longestMs }
}

/** The peak is that of the process so far, with the maps and the body in it. */
const line = (text: string, { cpuMs, longestMs }: Cost, more = '') =>
  console.log(
    `${text.padEnd(44)} ${cpuMs.toFixed(0).padStart(6)} ms CPU, at most ${longestMs.toFixed(0).padStart(3)} ms in one go, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB  ${more}`,
  )

async function assign(which: keyof typeof maps, body: ReturnType<typeof bodyOf>) {
  const map = maps[which]
  const slices = createSlices()
  const sent = await parsePoints(body, slices)
  const sigmaMm = sent.sigmaMm.map((sigma) => (Number.isNaN(sigma) ? 0 : sigma))
  const assigned = await assignPoints(atlas, map, { coordinatesMm: sent.coordinatesMm, sigmaMm })
  const parts = [{ map, assigned, coordinatesMm: sent.coordinatesMm }]
  return runInSlices(assignedPointsTable({ parts, withParcellation: false }), slices)
}

for (const which of ['labelled', 'statistical'] as const) {
  await assign(which, bodyOf(20_000, 'application/json'))
  await assign(which, bodyOf(20_000, 'text/csv'))
  const exact = bodyOf(100_000, 'application/json')
  const many = await costOf(() => assign(which, exact))
  line(`100,000 exact points, ${which}`, many, `${(many.cpuMs / 100).toFixed(1)} us a point (below 10)`)
  const uncertain = bodyOf(1_000, 'application/json', 8)
  line(`1,000 of 8 mm, ${which}`, await costOf(() => assign(which, uncertain)), '(below 5 s)')
  for (const mediaType of ['application/json', 'text/csv'] as const) {
    const million = bodyOf(1_000_000, mediaType)
    const cost = await costOf(() => assign(which, million))
    const perSecond = (1e9 / cost.cpuMs).toFixed(0)
    line(`1,000,000 exact points, ${which}, ${mediaType.split('/')[1]}`, cost, `${perSecond} points/s`)
    if (mediaType === 'text/csv') continue
    let json: { cpuMs: number; bytes: number } | undefined
    for (const format of ['json', 'csv', 'arrow'] as const) {
      const { value, ...spent } = await costOf(() => encodeAnswer({ table: () => cost.value }, { format }))
      if (!value.ok) throw new Error(value.message)
      const bytes = value.body.byteLength
      json ??= { cpuMs: spent.cpuMs, bytes }
      const against = `${(spent.cpuMs / json.cpuMs).toFixed(2)} of the time, ${(bytes / json.bytes).toFixed(2)} of the bytes of JSON`
      line(`  ${cost.value.rows} rows as ${format}`, spent, `${(bytes / 2 ** 20).toFixed(0)} MB; ${against}`)
    }
  }
}
