/** Values by region: a table whose first column names regions, all others are numbers. */
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import type { Column, Frame } from '../data/frame.ts'
import type { RegionalValuesFeature } from '../feature.ts'
import { parseTable } from './parse-table.ts'
import { loadParsed } from './parsed-files.ts'

/**
 * What the table has of the region, a row for each of its columns: `value`; where the region has several rows `mean`
 * and `std` (of a sample: n - 1), missing cells aside. Throws UPSTREAM_UNAVAILABLE, BAD_DATA (no such row).
 */
export async function loadRegionalValues(
  retrieval: Retrieval,
  { url, decoder, regionName }: RegionalValuesFeature,
  signal?: AbortSignal,
): Promise<Frame> {
  const frame = await loadParsed(
    retrieval,
    url,
    'regional-values',
    async (shared, reads) => parseTable(required(await reads.bytes(url, { signal: shared }), url), url, decoder),
    signal,
  )
  const [names, ...measures] = frame.columns
  const rows = (names?.values ?? []).flatMap((name, row) => (String(name ?? '') === regionName ? [row] : []))
  if (rows.length === 0 || measures.length === 0) {
    throw new SiibraError('BAD_DATA', `${url} has no values of ${JSON.stringify(regionName)}`, { url })
  }
  const samples = measures.map(({ values }) =>
    rows.flatMap((row) => (typeof values[row] === 'number' ? [values[row]] : [])),
  )
  const column = (name: string, values: (number | null)[]): Column => ({ name, type: 'float64', values })
  return {
    indexName: 'measure',
    indexType: 'object',
    index: measures.map(({ name }) => name),
    columns:
      rows.length === 1
        ? [
            column(
              'value',
              samples.map(([value]) => value ?? null),
            ),
          ]
        : [column('mean', samples.map(meanOf)), column('std', samples.map(deviationOf))],
  }
}

function meanOf(sample: readonly number[]): number | null {
  return sample.length === 0 ? null : sample.reduce((sum, value) => sum + value, 0) / sample.length
}

function deviationOf(sample: readonly number[]): number | null {
  const mean = meanOf(sample)
  if (mean === null || sample.length < 2) return null
  return Math.sqrt(sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sample.length - 1))
}
