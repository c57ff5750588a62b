import { AREAS, centreOf, requireArea } from '../anatomy.ts'
import { encodeZip } from '../encoders/zip.ts'
import { demoUuid, HARBOUR_V2_ID, HUMAN, HUMAN_SPECIES_ID, MICROSCOPIC_SPACE_ID } from '../ids.ts'
import { type DemoPart, demoUrl, onDemoHost, textBytes } from '../part.ts'
import { createRandom, decimals } from '../random.ts'
import { csvDecoder, zipRepository } from './connectivity.ts'

/** Receptors that are measured in the demo; their names are in the demo's vocabulary. */
export const DEMO_RECEPTORS = ['AMPA', 'GABAA', 'M1', '5-HT1A', 'D1']

/** Areas with receptor data and profiles: one in front, one behind. */
const STUDIED_AREAS = [0, 2]

const SUBJECTS = ['000', '001']
const TIME_POINTS = 24
const CASES = ['D1', 'D2', 'D3']

const datasetOf = (number: number) => ({
  'openminds/Species': HUMAN_SPECIES_ID,
  'openminds/DatasetVersion': demoUuid(number),
})

/** Names of both sides of all areas, and two made-up measures of each. */
const MEASURED = AREAS.flatMap(({ name }, index) =>
  ['left', 'right'].map((side, n) => ({
    region: `${name} ${side}`,
    thicknessMm: 2 + index / 4 + n / 20,
    myelination: 1.5 - index / 8,
  })),
)

/** Tables anchored to areas: receptor fingerprints and profiles, time series, profiles of one cell type. */
export const tabular: DemoPart = {
  files: {
    'features/tabular/regionalvalues/cortex.json': {
      '@id': 'demo--cortex',
      '@type': 'siibra/feature/tabular/regionalvalues/v0.1',
      modality: 'Cortical thickness and myelination (invented)',
      species: HUMAN,
      parcellation: { '@id': HARBOUR_V2_ID },
      regions: MEASURED.map(({ region }) => region),
      file: demoUrl('tables/cortex.csv'),
    },
    ...Object.fromEntries(
      STUDIED_AREAS.flatMap((index) => [
        [
          `features/tabular/fingerprints/receptor/${fileName(index)}.json`,
          {
            '@id': `${demoUuid(0x40)}--fingerprint-${fileName(index)}`,
            '@type': 'siibra/feature/fingerprint/receptor/v0.1',
            region: requireArea(index).name,
            species: HUMAN,
            ebrains: datasetOf(0x40),
            file: demoUrl(`receptors/${fileName(index)}_fp.tsv`),
          },
        ],
        ...DEMO_RECEPTORS.slice(0, 2).map((receptor) => [
          `features/tabular/corticalprofiles/receptor/${fileName(index)}-${receptor.toLowerCase()}.json`,
          {
            '@id': `${demoUuid(0x40)}--profile-${fileName(index)}-${receptor.toLowerCase()}`,
            '@type': 'siibra/feature/profile/receptor/v0.1',
            region: requireArea(index).name,
            receptor,
            species: HUMAN,
            ebrains: datasetOf(0x40),
            file: demoUrl(`receptors/${fileName(index)}_pr_${receptor}.tsv`),
          },
        ]),
        [
          `features/tabular/corticalprofiles/marmosetcelldensity/calbindin-profile-${fileName(index)}.json`,
          {
            '@id': `demo--calbindin-profile-${areaCode(index)}`,
            '@type': 'siibra/feature/profile/marmosetcelldensity/v0.1',
            region: requireArea(index).name,
            unit: 'detected cells / 0.1mm3',
            species: HUMAN,
            location: {
              '@type': 'siibra/location/point/v0.1',
              space: { '@id': MICROSCOPIC_SPACE_ID },
              coordinate: centreOf(index, 'left'),
            },
            ebrains: datasetOf(0x41),
            file: `${areaCode(index)}.csv`,
            repository: zipRepository('profiles/calbindin.zip'),
            decoder: csvDecoder({ delimiter: ',', header: 'infer', skiprows: null }),
          },
        ],
      ]),
    ),
    'features/tabular/activity_timeseries/bold/harbour2.json': {
      '@id': `${demoUuid(0x42)}--bold`,
      '@type': 'siibra/feature/timeseries/activity/v0.1',
      modality: 'Regional BOLD signal',
      paradigm: 'Resting state (invented)',
      cohort: 'DEMO',
      timestep: '720 ms',
      parcellation: { '@id': HARBOUR_V2_ID },
      ebrains: datasetOf(0x42),
      repository: zipRepository('timeseries/harbour2-bold.zip'),
      decoder: csvDecoder({ delimiter: '  ', header: null }),
      files: Object.fromEntries(SUBJECTS.map((subject) => [subject, `${subject}/rest.tsv`])),
      regions: boldRegions(),
    },
  },
  objects: onDemoHost({
    'tables/cortex.csv': () =>
      textBytes(
        [
          'region,thickness (mm),myelination',
          ...MEASURED.map(({ region, thicknessMm, myelination }) => `${region},${thicknessMm},${myelination}`),
          '',
        ].join('\n'),
      ),
    ...Object.fromEntries(
      STUDIED_AREAS.flatMap((index) => [
        [`receptors/${fileName(index)}_fp.tsv`, () => textBytes(fingerprintTable(index))],
        ...DEMO_RECEPTORS.slice(0, 2).map((receptor) => [
          `receptors/${fileName(index)}_pr_${receptor}.tsv`,
          () => textBytes(receptorProfile(index, receptor)),
        ]),
      ]),
    ),
    'profiles/calbindin.zip': () => encodeZip(calbindinArchive()),
    'timeseries/harbour2-bold.zip': () =>
      encodeZip(Object.fromEntries(SUBJECTS.map((subject) => [`${subject}/rest.tsv`, boldTable(subject)]))),
  }),
}

/** `B1` of `Area B1 (Bow)`. */
function areaCode(index: number): string {
  return requireArea(index).name.split(' ')[1] ?? ''
}

function fileName(index: number): string {
  return requireArea(index)
    .name.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')
}

function fingerprintTable(index: number): string {
  const rows = DEMO_RECEPTORS.map((receptor) => {
    const random = createRandom(`fingerprint ${index} ${receptor}`)
    return [receptor, decimals(200 + 1500 * random(), 1), decimals(20 + 100 * random(), 1), 'fmol/mg'].join('\t')
  })
  return `receptor label\tdensity (mean)\tdensity (sd)\tunit\n${rows.join('\n')}\n`
}

/** 101 depths, in percent from the surface to white matter. */
function receptorProfile(index: number, receptor: string): string {
  const random = createRandom(`profile ${index} ${receptor}`)
  const [level, slope, peak] = [600 + 600 * random(), 400 * random(), 20 + 40 * random()]
  const transmitter = receptor.startsWith('GABA') ? 'GABA' : 'glutamate'
  const rows = Array.from({ length: 101 }, (_, depth) => {
    const density = level - slope * (depth / 100) + 250 * Math.exp(-((depth - peak) ** 2) / 220)
    return [depth, receptor, transmitter, decimals(density, 2), 'fmol/mg'].join('\t')
  })
  return `cortical depth\treceptor label\tneurotransmitter label\tdensity\tunit\n${rows.join('\n')}\n`
}

/** A table per area (quantiles by depth and case), and where the layers of each case begin. */
function calbindinArchive(): Record<string, string> {
  const codes = STUDIED_AREAS.map((index) => areaCode(index))
  const breakpoints = codes.map((code) => {
    const at = (offset: number) =>
      Object.fromEntries(CASES.map((id) => [id, Number(decimals(offset + 0.06 * createRandom(code + id)(), 3))]))
    return [code, { depth_1_3: at(0.34), depth_5_6: at(0.64) }]
  })
  return {
    ...Object.fromEntries(codes.map((code) => [`${code}.csv`, calbindinTable(code)])),
    'meta.json': JSON.stringify({ value: { layer_breakpoint: Object.fromEntries(breakpoints) } }),
  }
}

function calbindinTable(code: string): string {
  const rows = CASES.flatMap((id) => {
    const scale = 1.8 + 0.8 * createRandom(`calbindin ${code} ${id}`)()
    return Array.from({ length: 51 }, (_, step) => {
      const depth = step / 50
      const median = scale * (1 + 2.6 * Math.exp(-((depth - 0.3) ** 2) / 0.02))
      const quantiles = [0.4, 0.7, 1, 1.3, 1.8].map((factor) => decimals(factor * median, 3))
      return [id, decimals(depth, 2), ...quantiles].join(',')
    })
  })
  return `case_id,depth,density_5,density_25,density_50,density_75,density_95\n${rows.join('\n')}\n`
}

function boldRegions(): string[] {
  return AREAS.flatMap(({ name }) => [`${name} left`, `${name} right`])
}

/** One line per time point, one column per region: slow waves around 1000. */
function boldTable(subject: string): string {
  const phases = boldRegions().map((region) => createRandom(`bold ${subject} ${region}`)())
  const lines = Array.from({ length: TIME_POINTS }, (_, time) =>
    phases.map((phase) => decimals(1000 + 30 * Math.sin(time / 3 + 6 * phase), 1)).join('  '),
  )
  return `${lines.join('\n')}\n`
}
