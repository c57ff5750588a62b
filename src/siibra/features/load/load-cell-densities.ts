/** Densities of cell bodies: profiles along the depth of single patches, and averages per layer over several. */
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import type { Reads } from '../../retrieval/verified.ts'
import { describeBytes } from '../../retrieval/what-came.ts'
import { BLANK_SEPARATED } from '../data/csv.ts'
import { columnOf, type Frame } from '../data/frame.ts'
import { pairwiseSum } from '../data/pairwise-sum.ts'
import type { CellDensityProfileFeature, LayerwiseCellDensityFeature } from '../feature.ts'
import {
  BOUNDARY_FILES,
  boundaryDepths,
  type CellPatch,
  densityProfile,
  PROFILE_DEPTHS,
} from './cell-density-profile.ts'
import { LAYER_NAMES } from './layers.ts'
import { parseTable } from './parse-table.ts'
import { loadParsed } from './parsed-files.ts'

const HASH = 0x23

/** Both kinds of files begin with `# ` before their headings. */
async function loadFile(reads: Reads, url: string, signal: AbortSignal): Promise<Frame> {
  const bytes = required(await reads.bytes(url, { signal }), url)
  if (bytes[0] !== HASH)
    throw new SiibraError('BAD_DATA', `${url} is no table of cells: it is ${describeBytes(bytes)}`, { url })
  return parseTable(bytes.subarray(2), url, BLANK_SEPARATED)
}

function numbersOf(frame: Frame, name: string, url: string): number[] {
  const column = columnOf(frame, name)
  if (!column || column.type === 'object')
    throw new SiibraError('BAD_DATA', `${url} has no numbers under ${name}`, { url })
  return column.values.map(Number)
}

async function loadPatch(reads: Reads, url: string, signal: AbortSignal): Promise<CellPatch> {
  const boundaryUrls = BOUNDARY_FILES.map((name) => url.replace('segments.txt', name))
  const [cells, ...boundaries] = await Promise.all([
    loadFile(reads, url, signal),
    ...boundaryUrls.map(async (boundaryUrl) => {
      const segments = required(await reads.json<{ segments?: unknown }>(boundaryUrl, { signal }), boundaryUrl).segments
      const isLine =
        Array.isArray(segments) &&
        segments.length > 1 &&
        segments.every((point) => Array.isArray(point) && point.length >= 2)
      if (!isLine) throw new SiibraError('BAD_DATA', `${boundaryUrl} holds no line`, { url: boundaryUrl })
      return segments as [number, number][]
    }),
  ])
  return { cellsX: numbersOf(cells, 'x', url), cellsY: numbersOf(cells, 'y', url), boundaries }
}

/** Depths of the layer boundaries 0-1 ... 6-7; part of every listing. */
export function loadBoundaryDepths(
  retrieval: Retrieval,
  feature: CellDensityProfileFeature,
  signal?: AbortSignal,
): Promise<number[]> {
  const load = async (shared: AbortSignal, reads: Reads) => boundaryDepths(await loadPatch(reads, feature.url, shared))
  return loadParsed(retrieval, feature.url, 'boundaries', load, signal)
}

export async function loadDensityProfile(
  retrieval: Retrieval,
  feature: CellDensityProfileFeature,
  signal?: AbortSignal,
): Promise<{ depths: readonly number[]; values: (number | null)[] }> {
  const load = async (shared: AbortSignal, reads: Reads) =>
    Array.from(densityProfile(await loadPatch(reads, feature.url, shared)), (value) =>
      Number.isNaN(value) ? null : value,
    )
  const values = await loadParsed(retrieval, feature.url, 'profile', load, signal)
  return { depths: PROFILE_DEPTHS, values }
}

/** Pixels (1 micron) of a square of 0.1 mm; five sections of 20 microns make 0.1 mm of depth. */
const SQUARE = 100 ** 2

/** Layer -> density in one patch. */
async function loadLayerDensities(
  reads: Reads,
  segmentUrl: string,
  layerUrl: string,
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const [cells, layers] = await Promise.all([loadFile(reads, segmentUrl, signal), loadFile(reads, layerUrl, signal)])
  const counts = new Map<number, number>()
  for (const layer of numbersOf(cells, 'layer', segmentUrl)) counts.set(layer, (counts.get(layer) ?? 0) + 1)
  const areas = numbersOf(layers, 'Area(micron**2)', layerUrl)
  const names = numbersOf(layers, layers.columns[0]?.name ?? '', layerUrl)
  const missing = [...counts.keys()].filter((layer) => layer > 0 && layer < 7 && !names.includes(layer))
  if (missing.length > 0) {
    const which = missing.map((layer) => LAYER_NAMES[layer]).join(', ')
    throw new SiibraError('BAD_DATA', `${layerUrl} lacks layers that have cells: ${which}`, { url: layerUrl })
  }
  return new Map(
    names.map((layer, i) => {
      const count = counts.get(layer)
      return [layer, count === undefined ? Number.NaN : (count / (areas[i] ?? Number.NaN)) * SQUARE * 5]
    }),
  )
}

/**
 * Mean and standard deviation (of a sample) per layer over all patches of a region. A patch whose files cannot be had
 * fails the whole: a mean of those that are left would be another number, and nobody could tell.
 */
export async function loadLayerwiseDensities(
  retrieval: Retrieval,
  feature: LayerwiseCellDensityFeature,
  signal?: AbortSignal,
): Promise<Frame> {
  const { segmentUrls, layerUrls } = feature
  if (segmentUrls.length === 0) throw new SiibraError('BAD_DATA', `${feature.id} names no files`)
  const load = async (shared: AbortSignal, reads: Reads) =>
    summarise(
      await Promise.all(segmentUrls.map((url, i) => loadLayerDensities(reads, url, layerUrls[i] ?? '', shared))),
    )
  return loadParsed(retrieval, segmentUrls.join(' '), 'layers', load, signal)
}

function summarise(patches: readonly ReadonlyMap<number, number>[]): Frame {
  const layers = [...new Set(patches.flatMap((patch) => [...patch.keys()]))].sort((a, b) => a - b)
  const moments = layers.map((layer) => momentsOf(patches.map((patch) => patch.get(layer) ?? Number.NaN)))
  const finite = (value: number) => (Number.isNaN(value) ? null : value)
  return {
    indexName: 'layer',
    indexType: 'object',
    index: layers.map((layer) => LAYER_NAMES[layer] ?? String(layer)),
    columns: [
      { name: 'mean', type: 'float64', values: moments.map(({ mean }) => finite(mean)) },
      { name: 'std', type: 'float64', values: moments.map(({ std }) => finite(std)) },
    ],
  }
}

/**
 * Mean and standard deviation of the values that are there, to the last digit as pandas computes them: missing ones
 * count as zeros in the sums, and the squares are taken from a mean that is summed up pairwise.
 */
function momentsOf(values: readonly number[]): { mean: number; std: number } {
  const present = values.filter((value) => !Number.isNaN(value))
  const count = present.length
  const mean = present.reduce((sum, value) => sum + value, 0) / count
  if (count < 2) return { mean, std: Number.NaN }
  const center = pairwiseSum(values.map((value) => (Number.isNaN(value) ? 0 : value))) / count
  const squares = values.map((value) => (Number.isNaN(value) ? 0 : (center - value) ** 2))
  return { mean, std: Math.sqrt(pairwiseSum(squares) / (count - 1)) }
}
