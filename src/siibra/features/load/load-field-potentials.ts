/** Power spectra of local field potentials: tables made beforehand, or averages over recordings. */
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import type { Reads } from '../../retrieval/verified.ts'
import { TSV } from '../data/csv.ts'
import type { Frame } from '../data/frame.ts'
import { type Hdf5Array, readHdf5 } from '../data/hdf5.ts'
import type { FieldPotentialFeature } from '../feature.ts'
import { parseTable } from './parse-table.ts'
import { loadParsed } from './parsed-files.ts'

/** Spectrograms of a recording, what they are called in tables, and whether they are given in dB already. */
const WHOLE = { path: '/spectrogram', column: 'PSD (dB)', isDecibel: false }
const ARRHYTHMIC = { path: '/spectrogram_arrhythmic', column: 'PSD - arrhythmic (dB)', isDecibel: false }
const RHYTHMIC = { path: '/spectrogram_rhythmic', column: 'PSD - rhythmic (dB (fractal))', isDecibel: true }

const FREQUENCIES = '/frequencies'

/** Power per frequency. Throws NOT_AVAILABLE where a recording has no spectrum. */
export function loadFieldPotentialSpectrum(
  retrieval: Retrieval,
  feature: FieldPotentialFeature,
  signal?: AbortSignal,
): Promise<Frame> {
  const { id, spectrumUrl } = feature
  const load = async (shared: AbortSignal, reads: Reads) => {
    if (spectrumUrl === null) return averageSpectra(reads, feature, shared)
    const made = await reads.bytes(spectrumUrl, { signal: shared })
    return made ? parseTable(made, spectrumUrl, TSV, 0) : averageSpectra(reads, feature, shared)
  }
  return loadParsed(retrieval, id, 'spectrum', load, signal)
}

interface Spectrum {
  frequencies: number[]
  /** The whole, its arrhythmic and its rhythmic part. */
  bands: { column: string; powers: Float64Array }[]
}

/** Mean over all recordings; one whose file cannot be had fails the whole, since a mean of the others is another one. */
async function averageSpectra(
  reads: Reads,
  { psdUrls, id }: FieldPotentialFeature,
  signal: AbortSignal,
): Promise<Frame> {
  const [first, ...others] = psdUrls
  if (first === undefined) throw new SiibraError('NOT_AVAILABLE', `There is no spectrum of ${id}`, { feature: id })
  const sum = await loadSpectrum(reads, first, signal)
  for (const url of others) addSpectrum(sum, await loadSpectrum(reads, url, signal), url)
  const count = psdUrls.length
  return {
    indexName: 'Frequency (Hz)',
    indexType: 'float64',
    index: sum.frequencies,
    columns: sum.bands.map(({ column, powers }) => ({
      name: column,
      type: 'float64',
      values: Array.from(powers, (power) => (Number.isFinite(power) ? power / count : null)),
    })),
  }
}

function addSpectrum(sum: Spectrum, { bands }: Spectrum, url: string): void {
  for (const { column, powers: total } of sum.bands) {
    const powers = bands.find((band) => band.column === column)?.powers
    if (powers?.length !== total.length) {
      throw new SiibraError('BAD_DATA', `${url} has ${powers?.length} frequencies, others ${total.length}`, { url })
    }
    for (const [k, power] of powers.entries()) total[k] = (total[k] ?? 0) + power
  }
}

async function loadSpectrum(reads: Reads, url: string, signal: AbortSignal): Promise<Spectrum> {
  const bytes = required(await reads.bytes(url, { signal }), url)
  const paths = [FREQUENCIES, WHOLE.path, ARRHYTHMIC.path, RHYTHMIC.path] as const
  const [frequencies, whole, arrhythmic, rhythmic] = await readHdf5(bytes, paths, url)
  const band = ({ column, isDecibel }: typeof WHOLE, spectrogram: Hdf5Array) => ({
    column,
    powers: medianOverTime(spectrogram, isDecibel),
  })
  return {
    frequencies: [...frequencies.data],
    bands: [band(WHOLE, whole), band(ARRHYTHMIC, arrhythmic), band(RHYTHMIC, rhythmic)],
  }
}

/** Median over the first axis (time), in dB; NaN values do not count. */
function medianOverTime({ shape, data }: Hdf5Array, isDecibel: boolean): Float64Array {
  const [timeCount = 0, frequencyCount = 1] = shape
  return Float64Array.from({ length: frequencyCount }, (_, f) => {
    const values = Array.from({ length: timeCount }, (_, t) => data[t * frequencyCount + f] ?? Number.NaN)
    const powers = isDecibel ? values : values.map((value) => 10 * Math.log10(value))
    return medianOf(powers.filter((power) => !Number.isNaN(power)))
  })
}

function medianOf(values: number[]): number {
  values.sort((a, b) => a - b)
  const upper = values[values.length >> 1] ?? Number.NaN
  const lower = values[(values.length - 1) >> 1] ?? Number.NaN
  return (lower + upper) / 2
}
