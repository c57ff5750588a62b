import { BURROW_AREAS } from '../parcellations.ts'
import { type DemoPart, textBytes } from '../part.ts'
import { createRandom, decimals } from '../random.ts'

const BUCKETS = 'data-proxy.ebrains.eu/api/v1/buckets'
const BUCKET = `${BUCKETS}/d-41673110-f3eb-43cd-9d9c-c845c6f0573c`
const DATABASE = `${BUCKET}/lfp_atlas_bids.sqlite`
const SPECTRA = `${BUCKETS}/regional-local-field-potentials-rat/RegionalLocalFieldPotential_v1/PowerSpectrums`
const COLUMNS = [
  'whs_label TEXT',
  'whs_x REAL',
  'whs_y REAL',
  'whs_z REAL',
  'pathology TEXT',
  'pharmacology TEXT',
  'signal_quality TEXT',
  'subject TEXT',
  'session TEXT',
  'lfp_file TEXT',
  'psd_file TEXT',
  'motion_file TEXT',
]

interface Recording {
  label: string
  positionMm: [number, number, number]
  pathology: string
  pharmacology: string
  signalQuality: string
}

/** Two electrodes in each of two areas of the rodent atlas. */
const RECORDINGS: Recording[] = [
  {
    label: BURROW_AREAS[0].name,
    positionMm: [-1.2, -4, 0.4],
    pathology: 'healthy',
    pharmacology: 'none',
    signalQuality: 'good',
  },
  {
    label: BURROW_AREAS[0].name,
    positionMm: [1.6, -4.4, 0],
    pathology: 'healthy',
    pharmacology: 'none',
    signalQuality: 'good',
  },
  {
    label: BURROW_AREAS[2].name,
    positionMm: [-0.8, 4, 0.8],
    pathology: 'healthy',
    pharmacology: 'none',
    signalQuality: 'good',
  },
  {
    label: BURROW_AREAS[2].name,
    positionMm: [0.4, 4.8, -0.4],
    pathology: 'epilepsy',
    pharmacology: 'none',
    signalQuality: 'medium',
  },
]

/** The database of recordings that the query for local field potentials reads, and spectra by region. */
export const fieldPotentials: DemoPart = {
  files: {},
  objects: {
    [DATABASE]: makeDatabase,
    ...Object.fromEntries(
      RECORDINGS.flatMap((recording, index) => [
        [`${SPECTRA}/${spectrumName(recording)}`, () => textBytes(spectrumTable(recording))],
        [`${BUCKET}/${spectrogramName(index)}`, () => makeSpectrogram(recording, index)],
      ]),
    ),
  },
}

async function makeDatabase(): Promise<Uint8Array> {
  const { default: initSqlJs } = await import('sql.js')
  const { Database } = await initSqlJs()
  const database = new Database()
  database.run(`CREATE TABLE bids (${COLUMNS.join(', ')})`)
  RECORDINGS.forEach((recording, index) => {
    const { label, positionMm, pathology, pharmacology, signalQuality } = recording
    const subject = `sub-${index + 1}`
    const files = [null, spectrogramName(index), null]
    database.run(`INSERT INTO bids VALUES (${COLUMNS.map(() => '?').join(', ')})`, [
      label,
      ...positionMm,
      pathology,
      pharmacology,
      signalQuality,
      subject,
      'ses-1',
      ...files,
    ])
  })
  const bytes = database.export()
  database.close()
  return bytes
}

function spectrumName({ label, pathology, pharmacology, signalQuality }: Recording): string {
  const group = `group-${label.toLowerCase().replaceAll(',', '')}`
  const state = `pathology-${pathology}_pharmacology-${pharmacology}_signal_quality-${signalQuality}`
  return `${group}_${state}_LocalFieldPotential.tsv`.replaceAll(' ', '_')
}

function spectrogramName(index: number): string {
  return `psd/sub-${index + 1}.h5`
}

const FREQUENCIES_HZ = Array.from({ length: 60 }, (_, index) => index + 1)

/** Power at a frequency: a falling background (dB), and one rhythm on top of it. */
function powerAt({ label, pathology }: Recording, frequencyHz: number) {
  const rhythmHz = 6 + 6 * createRandom(`${label} ${pathology}`)()
  const backgroundDb = -20 - 10 * Math.log10(frequencyHz)
  const rhythm = 2.2 * Math.exp(-((frequencyHz - rhythmHz) ** 2) / 6)
  return { backgroundDb, rhythm, totalDb: backgroundDb + rhythm }
}

function spectrumTable(recording: Recording): string {
  const rows = FREQUENCIES_HZ.map((frequencyHz) => {
    const { totalDb, backgroundDb, rhythm } = powerAt(recording, frequencyHz)
    return [decimals(frequencyHz, 1), ...[totalDb, backgroundDb, rhythm].map((value) => decimals(value, 4))]
  })
  const header = ['Frequency (Hz)', 'PSD (dB)', 'PSD - arrhythmic (dB)', 'PSD - rhythmic (dB (fractal))']
  return `${[header, ...rows].map((row) => row.join('\t')).join('\n')}\n`
}

/** Power by time and frequency as HDF5: three moments, slightly different. */
async function makeSpectrogram(recording: Recording, index: number): Promise<Uint8Array> {
  const h5wasm = await import('h5wasm/node')
  const { FS } = await h5wasm.ready
  const name = `/demo-${index}.h5`
  const file = new h5wasm.File(name, 'w')
  const timesS = [0, 1, 2]
  const powers = timesS.flatMap((time) =>
    FREQUENCIES_HZ.map((frequencyHz) => {
      const { totalDb, backgroundDb, rhythm } = powerAt(recording, frequencyHz)
      return { total: 10 ** ((totalDb + 0.1 * time) / 10), background: 10 ** (backgroundDb / 10), rhythm }
    }),
  )
  const shape = [timesS.length, FREQUENCIES_HZ.length]
  file.create_dataset({ name: 'times', data: timesS, shape: [timesS.length] })
  file.create_dataset({ name: 'frequencies', data: FREQUENCIES_HZ, shape: [FREQUENCIES_HZ.length] })
  file.create_dataset({ name: 'spectrogram', data: powers.map(({ total }) => total), shape })
  file.create_dataset({ name: 'spectrogram_arrhythmic', data: powers.map(({ background }) => background), shape })
  file.create_dataset({ name: 'spectrogram_rhythmic', data: powers.map(({ rhythm }) => rhythm), shape })
  file.flush()
  file.close()
  const bytes = Uint8Array.from(FS.readFile(name))
  FS.unlink(name)
  return bytes
}
