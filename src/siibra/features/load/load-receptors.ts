/** Receptor densities: tab-separated files with a label or depth, numbers, and the unit in the last column. */
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import type { Reads } from '../../retrieval/verified.ts'
import { TSV } from '../data/csv.ts'
import type { Cell, Frame } from '../data/frame.ts'
import type { FingerprintFeature, ReceptorProfileFeature } from '../feature.ts'
import { parseTable } from './parse-table.ts'
import { loadParsed } from './parsed-files.ts'

async function loadTsv(retrieval: Retrieval, url: string, signal?: AbortSignal): Promise<Frame> {
  const load = async (shared: AbortSignal, reads: Reads) => {
    const frame = parseTable(required(await reads.bytes(url, { signal: shared }), url), url, TSV)
    if (frame.columns.length < 3) {
      throw new SiibraError('BAD_DATA', `${url} has ${frame.columns.length} columns, at least 3 are expected`, { url })
    }
    return frame
  }
  return loadParsed(retrieval, url, 'tsv', load, signal)
}

/** The unit stands in the last column of every row. */
const unitOf = (frame: Frame): string => String(frame.columns.at(-1)?.values[0] ?? '')

const toNumber = (value: Cell | undefined): number | null => (typeof value === 'number' ? value : null)

/** Mean and standard deviation of each receptor. */
export async function loadFingerprint(
  retrieval: Retrieval,
  feature: FingerprintFeature,
  signal?: AbortSignal,
): Promise<{ table: Frame; unit: string }> {
  const frame = await loadTsv(retrieval, feature.url, signal)
  const column = (number: number) => frame.columns.at(number)?.values ?? []
  const table: Frame = {
    indexName: 'receptor',
    indexType: 'object',
    index: column(0).map((value) => String(value ?? '')),
    columns: [
      { name: 'mean', type: 'float64', values: column(1).map(toNumber) },
      { name: 'std', type: 'float64', values: column(2).map(toNumber) },
    ],
  }
  return { table, unit: unitOf(frame) }
}

/** Density per cortical depth, 0 (pial surface) to 1 (white matter). */
export async function loadReceptorProfile(
  retrieval: Retrieval,
  feature: ReceptorProfileFeature,
  signal?: AbortSignal,
): Promise<{ depths: number[]; values: (number | null)[]; unit: string }> {
  const frame = await loadTsv(retrieval, feature.url, signal)
  const column = (number: number) => frame.columns.at(number)?.values ?? []
  return {
    depths: column(0).map((value) => Number(value) / 100),
    values: column(-2).map(toNumber),
    unit: unitOf(frame),
  }
}

interface ReceptorSymbol {
  receptor?: { name?: string }
  neurotransmitter?: { label?: string; name?: string }
}
export type ReceptorSymbols = Readonly<Record<string, ReceptorSymbol>>

/** The neurotransmitter of each receptor, e.g. `5-HT (serotonin)`. */
export function nameNeurotransmitters(receptors: readonly string[], symbols: ReceptorSymbols): string[] {
  return receptors.map((receptor) => {
    const transmitter = symbols[receptor]?.neurotransmitter
    return transmitter ? `${transmitter.label} (${transmitter.name})` : `${receptor} (undeciphered)`
  })
}
