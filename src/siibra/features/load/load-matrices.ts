/** Matrices and time series of many subjects, out of zip archives or folders. */

import { lookUpRegion } from '../../core/search/region-search.ts'
import type { Parcellation, Region } from '../../core/types.ts'
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import { type Reads, verified } from '../../retrieval/verified.ts'
import { createSlices } from '../../slices.ts'
import { parseCsvMatrix } from '../data/csv.ts'
import type { Matrix } from '../data/frame.ts'
import type { MatrixFiles } from '../feature.ts'
import { loadParsed } from './parsed-files.ts'

/** Files that are read at a time. */
const CONCURRENCY = 16

function readFile({ repository }: MatrixFiles, reads: Reads, path: string, signal?: AbortSignal) {
  return repository.kind === 'zip'
    ? reads.zipMember(repository.url, path, { signal })
    : reads.bytes(repository.url + path, { signal })
}

async function readBytes(reads: Reads, files: MatrixFiles, path: string, signal?: AbortSignal) {
  return required(await readFile(files, reads, path, signal), nameOf(files, path))
}

const nameOf = ({ repository }: MatrixFiles, path: string) => `${repository.url} ${path}`

function parseOne(bytes: Uint8Array, files: MatrixFiles, path: string, isBorrowed = false): Matrix {
  const matrix = parseCsvMatrix(bytes, files.decoder, isBorrowed)
  if (matrix.rowCount > 0) return matrix
  throw new SiibraError('BAD_DATA', `${nameOf(files, path)} is empty`, { url: files.repository.url })
}

/**
 * The matrix of a subject; without a subject the mean over all of them.
 * Throws INVALID_PARAMETER for a subject that is not there, BAD_DATA where shapes differ.
 */
export async function loadMatrix(
  retrieval: Retrieval,
  files: MatrixFiles,
  subject?: string,
  signal?: AbortSignal,
): Promise<Matrix> {
  const asked = subject ?? (files.files.size === 1 ? [...files.files.keys()][0] : undefined)
  if (asked === undefined) {
    const paths = [...files.files.values()]
    const average = (shared: AbortSignal, reads: Reads) => averageAll(reads, files, paths, shared)
    return loadParsed(retrieval, `${files.repository.url} ${paths[0]}`, 'mean', average, signal)
  }
  const path = files.files.get(asked)
  if (path === undefined) {
    throw new SiibraError('INVALID_PARAMETER', `subject: there is no ${JSON.stringify(asked)}`, {
      parameter: 'subject',
      allowed: [...files.files.keys()],
    })
  }
  return verified(retrieval, async (reads) => parseOne(await readBytes(reads, files, path, signal), files, path))
}

/** Sums up matrix by matrix in the order of the subjects, as numpy does; holds few of them at a time. */
async function averageAll(
  reads: Reads,
  files: MatrixFiles,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Matrix> {
  const slices = createSlices(signal)
  let sum: Matrix | undefined
  const readBatch = (start: number) =>
    Promise.all(
      paths
        .slice(start, start + CONCURRENCY)
        .map(async (path) => ({ path, bytes: await readBytes(reads, files, path, signal) })),
    )
  let reading = readBatch(0)
  for (let start = 0; start < paths.length; start += CONCURRENCY) {
    const batch = await reading
    // the next ones are read while these are parsed
    reading = readBatch(start + CONCURRENCY)
    reading.catch(() => {})
    for (const { path, bytes } of batch) {
      if (sum) add(sum, parseOne(bytes, files, path, true), files)
      else sum = { ...parseOne(bytes, files, path), integral: false }
      await slices.pause()
    }
  }
  if (!sum)
    throw new SiibraError('NOT_AVAILABLE', `${files.repository.url} has no matrices`, { url: files.repository.url })
  const { values } = sum
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / paths.length
  return sum
}

function add(sum: Matrix, matrix: Matrix, files: MatrixFiles): void {
  if (matrix.rowCount !== sum.rowCount || matrix.columnCount !== sum.columnCount) {
    throw new SiibraError(
      'BAD_DATA',
      `the files of ${files.repository.url} differ in shape: ${matrix.rowCount} x ${matrix.columnCount}, ${sum.rowCount} x ${sum.columnCount}`,
      { url: files.repository.url },
    )
  }
  const { values } = sum
  const added = matrix.values
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) + (added[i] ?? 0)
}

/** A row or column of a matrix: a region, several that share it, or a name that the parcellation does not know. */
export type RegionLabel = Region | readonly Region[] | string

/** What the names of the rows mean in the parcellation. */
export function labelRegions(parcellation: Parcellation, names: readonly string[]): RegionLabel[] {
  return names.map((name) => {
    try {
      return lookUpRegion(parcellation, name).object
    } catch (error) {
      if (!(error instanceof SiibraError)) throw error
      const candidates = error.details.candidates
      if (error.code !== 'AMBIGUOUS' || !Array.isArray(candidates)) return name
      return parcellation.regions.filter((region) => candidates.includes(region.name))
    }
  })
}
