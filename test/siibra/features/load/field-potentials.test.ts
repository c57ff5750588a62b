import { expect, test } from 'vitest'
import type { FieldPotentialFeature } from '../../../../src/siibra/features/feature.ts'
import { loadFieldPotentialSpectrum } from '../../../../src/siibra/features/load/load-field-potentials.ts'
import { BASE, sourceOf } from './sources.ts'

const h5wasm = await import('h5wasm/node')
let written = 0

/** A recording: powers by frequency and time of the whole, its arrhythmic and its rhythmic part. */
async function recording(frequencies: number[], ...spectrograms: number[][][]): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready
  const name = `/recording-${written++}.h5`
  const file = new h5wasm.File(name, 'w')
  file.create_dataset({ name: 'frequencies', data: Float64Array.from(frequencies), shape: [frequencies.length] })
  for (const [n, name] of ['spectrogram', 'spectrogram_arrhythmic', 'spectrogram_rhythmic'].entries()) {
    const rows = spectrograms[n]!
    file.create_dataset({ name, data: Float64Array.from(rows.flat()), shape: [rows.length, frequencies.length] })
  }
  file.close()
  return Uint8Array.from(FS.readFile(name) as Uint8Array)
}

const load = (files: Record<string, Uint8Array | string>, spectrumUrl: string | null = null) => {
  const psdUrls = Object.keys(files)
    .filter((name) => name.endsWith('.h5'))
    .map((name) => BASE + name)
  const feature = { id: 'a recording', spectrumUrl, psdUrls } as unknown as FieldPotentialFeature
  return loadFieldPotentialSpectrum(sourceOf(files).retrieval, feature)
}

/** Medians over an even and an odd number of times. */
const FIRST = recording(
  [1, 2],
  [
    [10, 1e-3],
    [1000, 1e-2],
  ],
  [
    [100, Number.NaN],
    [100, 1],
  ],
  [
    [5, 9],
    [1, 7],
  ],
)
const SECOND = recording(
  [1, 2],
  [
    [1000, 10],
    [10, 1000],
    [1e5, 100],
  ],
  [
    [1, 1],
    [10, 1],
    [0.1, 1],
  ],
  [
    [3, 10],
    [20, 2],
    [4, 4],
  ],
)

test('a spectrum is the median over time in dB, and the mean of all recordings', async () => {
  const { indexName, index, columns } = await load({ 'one.h5': await FIRST, 'two.h5': await SECOND })
  expect([indexName, ...index]).toEqual(['Frequency (Hz)', 1, 2])
  const close = (value: number) => expect.closeTo(value, 10)
  expect(columns.map(({ name, values }) => [name, ...values])).toEqual([
    // medians 20 and -25 dB of the first, 30 and 20 dB of the second
    ['PSD (dB)', close(25), close(-2.5)],
    // 20 and 0 (one is missing), 0 and 0
    ['PSD - arrhythmic (dB)', close(10), close(0)],
    // in dB already: 3 and 8, 4 and 4
    ['PSD - rhythmic (dB (fractal))', close(3.5), close(6)],
  ])
})

test('a frequency without any power is empty', async () => {
  const nothing = [[1, Number.NaN]]
  const { columns } = await load({ 'one.h5': await recording([1, 2], nothing, nothing, nothing) })
  expect(columns.map(({ values }) => values)).toEqual([
    [0, null],
    [0, null],
    [1, null],
  ])
})

test('recordings of other frequencies have no mean', async () => {
  const other = await recording([1, 2, 3], [[1, 2, 3]], [[1, 2, 3]], [[1, 2, 3]])
  await expect(load({ 'one.h5': await FIRST, 'two.h5': other })).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: `${BASE}two.h5 has 3 frequencies, others 2`,
  })
})

test('a table that was made beforehand is taken, where it is there', async () => {
  const files = { 'one.h5': await FIRST, table: 'f\tPSD\n1\t-3\n2\t-4\n' }
  const { index, columns } = await load(files, `${BASE}table`)
  expect([index, columns.map(({ name, values }) => [name, ...values])]).toEqual([[1, 2], [['PSD', -3, -4]]])
  const made = await load(files, `${BASE}gone`)
  expect(made.columns[0]?.values[0]).toBeCloseTo(20, 10)
  await expect(load({})).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
})
