/** Matrices and time series of many subjects, out of zip archives or folders. */

import { lookUpRegion } from '../core/region-search.ts'
import type { Parcellation, Region } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { required } from '../retrieval/upstream-errors.ts'
import { parseCsvMatrix } from './data/csv.ts'
import type { Matrix } from './data/frame.ts'
import type { MatrixFiles } from './feature.ts'
import { loadParsed } from './parsed-files.ts'

/** Files that are read at a time. */
const CONCURRENCY = 16

function readFile({ repository }: MatrixFiles, retrieval: Retrieval, path: string, signal?: AbortSignal) {
  return repository.kind === 'zip'
    ? retrieval.zipMember(repository.url, path, { signal })
    : retrieval.bytes(repository.url + path, { signal })
}

async function loadOne(retrieval: Retrieval, files: MatrixFiles, path: string, signal?: AbortSignal): Promise<Matrix> {
  const name = `${files.repository.url} ${path}`
  const matrix = parseCsvMatrix(required(await readFile(files, retrieval, path, signal), name), files.decoder)
  if (matrix.rowCount === 0) throw new SiibraError('BAD_DATA', `${name} is empty`, { url: files.repository.url })
  return matrix
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
  const asked = subject ?? (files.files.size === 1 ? [...files.files.keys()][0]! : undefined)
  if (asked === undefined) {
    const paths = [...files.files.values()]
    return loadParsed(retrieval, `${files.repository.url} ${paths[0]}`, 'mean', () =>
      averageAll(retrieval, files, paths, signal),
    )
  }
  const path = files.files.get(asked)
  if (path === undefined) {
    throw new SiibraError('INVALID_PARAMETER', `subject: there is no ${JSON.stringify(asked)}`, {
      parameter: 'subject',
      allowed: [...files.files.keys()],
    })
  }
  return loadOne(retrieval, files, path, signal)
}

/** Sums up matrix by matrix in the order of the subjects, as numpy does; holds few of them at a time. */
async function averageAll(
  retrieval: Retrieval,
  files: MatrixFiles,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Matrix> {
  let sum: Matrix | undefined
  for (let start = 0; start < paths.length; start += CONCURRENCY) {
    const batch = paths.slice(start, start + CONCURRENCY)
    for (const matrix of await Promise.all(batch.map((path) => loadOne(retrieval, files, path, signal)))) {
      if (!sum) sum = { ...matrix, integral: false }
      else add(sum, matrix, files)
    }
  }
  const { values } = sum!
  for (let i = 0; i < values.length; i++) values[i]! /= paths.length
  return sum!
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
  for (let i = 0; i < values.length; i++) values[i]! += matrix.values[i]!
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
