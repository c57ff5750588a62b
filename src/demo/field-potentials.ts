import { BURROW_AREAS } from './parcellations.ts'
import { type DemoPart, textBytes } from './part.ts'
import { createRandom, decimals } from './random.ts'

const BUCKETS = 'data-proxy.ebrains.eu/api/v1/buckets'
const DATABASE = `${BUCKETS}/d-41673110-f3eb-43cd-9d9c-c845c6f0573c/lfp_atlas_bids.sqlite`
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
      RECORDINGS.map((recording) => [`${SPECTRA}/${spectrumName(recording)}`, () => textBytes(spectrum(recording))]),
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
    const files = [`lfp/${subject}.h5`, null, null]
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

/** 1 to 60 Hz: a falling background and one rhythm. */
function spectrum({ label, pathology }: Recording): string {
  const rhythmHz = 6 + 6 * createRandom(`${label} ${pathology}`)()
  const rows = Array.from({ length: 60 }, (_, index) => {
    const frequencyHz = index + 1
    const background = -20 - 10 * Math.log10(frequencyHz)
    const rhythm = 2.2 * Math.exp(-((frequencyHz - rhythmHz) ** 2) / 6)
    return [decimals(frequencyHz, 1), ...[background + rhythm, background, rhythm].map((value) => decimals(value, 4))]
  })
  const header = ['Frequency (Hz)', 'PSD (dB)', 'PSD - arrhythmic (dB)', 'PSD - rhythmic (dB (fractal))']
  return `${[header, ...rows].map((row) => row.join('\t')).join('\n')}\n`
}
