import { gzipSync } from 'node:zlib'
import { centreOf, distanceMm, LEAF_REGIONS } from '../anatomy.ts'
import { encodeZip } from '../encoders/zip.ts'
import { BURROW_ID, demoUuid, HARBOUR_V2_ID, HUMAN, HUMAN_SPECIES_ID, RAT, RAT_SPECIES_ID } from '../ids.ts'
import { BURROW_AREAS } from '../parcellations.ts'
import { type DemoPart, demoUrl, onDemoHost, textBytes } from '../part.ts'
import { createRandom, decimals } from '../random.ts'

const SUBJECTS = ['000', '001', '002']
const TRACERS = ['T1: bow wave', 'T2: stern wave']
const MEASURES = ['amplitude__median', 'delay__median']

/** Regions of the matrices, spelled as siibra names them. */
const REGIONS = LEAF_REGIONS.map(({ name, side }) => name.replace(` - ${side} hemisphere`, ` ${side}`))

type Connectivity = 'functional' | 'streamlinecounts' | 'streamlinelengths'

const KINDS: Record<Connectivity, { modality: string; paradigm?: string; file: string; digits: number }> = {
  functional: {
    modality: 'FunctionalConnectivity',
    paradigm: 'Resting state (invented)',
    file: '2FunctionalConnectivity/SUBJECT/EmpCorrFC.csv',
    digits: 5,
  },
  streamlinecounts: {
    modality: 'StreamlineCounts',
    paradigm: '',
    file: '1StructuralConnectivity/SUBJECT/Counts.csv',
    digits: 0,
  },
  streamlinelengths: {
    modality: 'StreamlineLengths',
    paradigm: '',
    file: '1StructuralConnectivity/SUBJECT/Lengths.csv',
    digits: 2,
  },
}

/** Every kind of connectivity between regions: matrices by subject, by measure, by tracer. */
export const connectivity: DemoPart = {
  files: {
    ...Object.fromEntries(
      Object.entries(KINDS).map(([kind, { modality, paradigm, file }]) => [
        `features/connectivity/regional/${kind}/harbour2.json`,
        matrixFeature({
          modality,
          paradigm,
          cohort: 'DEMO',
          files_indexed_by: 'subject',
          repository: zipRepository('connectivity/harbour2.zip'),
          decoder: csvDecoder({ delimiter: '\\s+', header: null }),
          files: Object.fromEntries(SUBJECTS.map((subject) => [subject, file.replace('SUBJECT', subject)])),
        }),
      ]),
    ),
    'features/connectivity/regional/anatomofunctional/harbour2.json': matrixFeature({
      modality: 'AnatomoFunctionalConnectivity',
      cohort: 'DEMO stimulation',
      description: 'Answers of one region to pulses in another, by measure. Invented.',
      files_indexed_by: 'feature',
      base_url: demoUrl('connectivity/stimulation/'),
      decoder: csvDecoder({ delimiter: ' ', header: null, skiprows: 2, compression: 'gzip' }),
      files: Object.fromEntries(MEASURES.map((measure) => [`P_01: ${measure}`, `${measure}.txt.gz`])),
    }),
    'features/connectivity/regional/tracing/burrow.json': {
      '@type': 'siibra/feature/connectivitymatrix/v0.3',
      modality: 'TracingConnectivity',
      species: RAT,
      cohort: 'Demo burrow projections',
      parcellation: { '@id': BURROW_ID },
      ebrains: { 'openminds/Species': RAT_SPECIES_ID, 'openminds/DatasetVersion': demoUuid(0x31) },
      repository: zipRepository('connectivity/burrow-tracing.zip'),
      decoder: csvDecoder({ delimiter: ';', header: null, skiprows: 1 }),
      files: Object.fromEntries(TRACERS.map((tracer) => [tracer, `${tracer.slice(0, 2)}.csv`])),
      files_indexed_by: 'subject',
      regions: BURROW_AREAS.map(({ name }) => name),
    },
    'features/tabular/connectivitystrength/harbour2-retrograde.json': {
      '@id': `${demoUuid(0x32)}--interareal`,
      '@type': 'siibra/feature/connectivity/retrograde/v0.1',
      modality: 'RetrogradeTracer',
      name: 'Demo retrograde tracer injections',
      cohort: 'Demo retrograde tracer injections',
      description: 'Fraction of labelled neurons between areas. Invented.',
      species: HUMAN,
      ebrains: { 'openminds/Species': HUMAN_SPECIES_ID, 'openminds/DatasetVersion': demoUuid(0x32) },
      parcellation: { '@id': HARBOUR_V2_ID },
      repository: zipRepository('connectivity/harbour2-retrograde.zip'),
      decoder: csvDecoder({ delimiter: ',', header: null, skiprows: 1 }),
      files: { retrograde: 'retrograde.csv' },
      files_indexed_by: 'subject',
      regions: REGIONS,
    },
  },
  objects: onDemoHost({
    'connectivity/harbour2.zip': () => encodeZip(matricesBySubject()),
    'connectivity/burrow-tracing.zip': () =>
      encodeZip(Object.fromEntries(TRACERS.map((tracer) => [`${tracer.slice(0, 2)}.csv`, tracingTable(tracer)]))),
    'connectivity/harbour2-retrograde.zip': () =>
      encodeZip({ 'retrograde.csv': retrogradeTable(), 'meta.json': JSON.stringify(retrogradeMetadata()) }),
    ...Object.fromEntries(
      MEASURES.map((measure) => [
        `connectivity/stimulation/${measure}.txt.gz`,
        () => gzipSync(textBytes(stimulationTable(measure))),
      ]),
    ),
  }),
}

function matrixFeature(content: Record<string, unknown>) {
  return {
    '@type': 'siibra/feature/connectivitymatrix/v0.3',
    parcellation: { '@id': HARBOUR_V2_ID },
    ebrains: { 'openminds/Species': HUMAN_SPECIES_ID, 'openminds/DatasetVersion': demoUuid(0x30) },
    regions: REGIONS,
    ...content,
  }
}

export function zipRepository(path: string) {
  return { '@type': 'siibra/repository/zippedfile/v1.0.0', url: demoUrl(path) }
}

export function csvDecoder(options: Record<string, unknown>) {
  return { '@type': 'siibra/decoder/csv', engine: 'python', index_col: false, ...options }
}

function matricesBySubject(): Record<string, string> {
  return Object.fromEntries(
    SUBJECTS.flatMap((subject) =>
      Object.entries(KINDS).map(([kind, { file, digits }]) => [
        file.replace('SUBJECT', subject),
        matrixText(REGIONS.length, ' ', digits, symmetric(subject, kind as Connectivity)),
      ]),
    ),
  )
}

/** Stronger between near regions and between the two halves of an area; a little different in every subject. */
function symmetric(subject: string, kind: Connectivity): (row: number, column: number) => number {
  return (row, column) => {
    const [low, high] = row < column ? [row, column] : [column, row]
    const jitter = createRandom(`${kind} ${subject} ${low} ${high}`)()
    if (low === high) return kind === 'functional' ? 1 : 0
    const apartMm = betweenMm(low, high)
    if (kind === 'streamlinelengths') return 10 + 1.2 * apartMm + 4 * jitter
    const mirrored = LEAF_REGIONS[low]?.index === LEAF_REGIONS[high]?.index ? 0.35 : 0
    const strength = mirrored + 0.6 * Math.exp(-apartMm / 55) + 0.08 * jitter
    return kind === 'functional' ? strength : Math.round(900 * strength ** 2)
  }
}

function betweenMm(a: number, b: number): number {
  const [from, to] = [LEAF_REGIONS[a], LEAF_REGIONS[b]]
  return from && to ? distanceMm(centreOf(from.index, from.side), centreOf(to.index, to.side)) : 0
}

function stimulationTable(measure: string): string {
  const answer = (row: number, column: number) => {
    const random = createRandom(`${measure} ${row} ${column}`)()
    return measure.startsWith('delay') ? 8 + 0.2 * betweenMm(row, column) + 3 * random : 4 * random ** 2
  }
  return `# measure ${measure}\n# rows: pulse, columns: answer\n${matrixText(REGIONS.length, ' ', 3, answer)}`
}

function tracingTable(tracer: string): string {
  const strength = (row: number, column: number) => Math.floor(5 * createRandom(`${tracer} ${row} ${column}`)() ** 2)
  return `${BURROW_AREAS.map(({ name }) => name).join(';')}\n${matrixText(BURROW_AREAS.length, ';', 0, strength)}`
}

function retrogradeTable(): string {
  const fraction = (row: number, column: number) => {
    const random = createRandom(`retrograde ${row} ${column}`)()
    return row === column || random < 0.5 ? 0 : 0.4 * (random - 0.5) ** 2
  }
  return `${REGIONS.join(',')}\n${matrixText(REGIONS.length, ',', 6, fraction)}`
}

/** Which injections stand behind a row, as the archive of such a data set lists them. */
function retrogradeMetadata() {
  const injections = Object.fromEntries(
    REGIONS.map((region, index) => [
      region,
      [
        {
          injection: `DEMO-${index + 1}`,
          link: demoUrl(`connectivity/injections/${index + 1}`),
          csv: demoUrl(`connectivity/injections/${index + 1}.csv`),
          cells: demoUrl(`connectivity/injections/${index + 1}.xyz`),
        },
      ],
    ]),
  )
  return { data: { injections } }
}

function matrixText(
  size: number,
  delimiter: string,
  digits: number,
  valueAt: (row: number, column: number) => number,
): string {
  const all = Array.from({ length: size }, (_, index) => index)
  return all.map((row) => `${all.map((column) => decimals(valueAt(row, column), digits)).join(delimiter)}\n`).join('')
}
