import { toMirrorPath } from '../../siibra/index.ts'
import { centreOf, LEAF_REGIONS } from '../anatomy.ts'
import { type DemoPart, jsonBytes, textBytes } from '../part.ts'
import { createRandom, decimals } from '../random.ts'
import { DEMO_GENES } from '../vocabularies.ts'

const API = 'http://api.brain-map.org/api/v2/data'

/** Ids and names of donors that the live query asks for (they belong to the query); everything else is invented. */
const DONORS = [
  { id: 15496, name: 'H0351.1015', ageYears: 40, sex: 'M' },
  { id: 14380, name: 'H0351.1012', ageYears: 45, sex: 'F' },
  { id: 15697, name: 'H0351.1016', ageYears: 50, sex: 'M' },
  { id: 9861, name: 'H0351.2001', ageYears: 35, sex: 'F' },
  { id: 12876, name: 'H0351.1009', ageYears: 30, sex: 'M' },
  { id: 10021, name: 'H0351.2002', ageYears: 55, sex: 'F' },
]

const PROBES_PER_GENE = 2
const SYMBOLS = Object.keys(DEMO_GENES)

/**
 * Answers of the Allen Brain Atlas API to the questions of the gene expression query, for every choice of the demo's genes
 * in any order. Each donor has one sample in the middle of each region, moved a little.
 */
export const geneExpression: DemoPart = {
  files: {},
  objects: {
    ...Object.fromEntries(
      arrangements(SYMBOLS).flatMap((genes) => [
        [probesKey(genes), () => textBytes(probesAnswer(genes))],
        ...DONORS.map((donor) => [microarrayKey(genes, donor.id), () => jsonBytes(microarrayAnswer(genes, donor))]),
      ]),
    ),
    ...Object.fromEntries(DONORS.map(({ name }) => [specimenKey(name), () => jsonBytes(specimenAnswer(name))])),
    [donorsKey()]: () => jsonBytes(donorsAnswer()),
  },
}

/** All choices of one or more, in all orders. */
function arrangements(symbols: readonly string[]): string[][] {
  return symbols.flatMap((first) => [
    [first],
    ...arrangements(symbols.filter((symbol) => symbol !== first)).map((rest) => [first, ...rest]),
  ])
}

function probesKey(genes: readonly string[]): string {
  const quoted = genes.map((gene) => `'${gene}'`).join(',')
  return toMirrorPath(
    `${API}/query.xml?criteria=model::Probe,rma::criteria,[probe_type$eq'DNA'],products[abbreviation$eq'HumanMA'],` +
      `gene[acronym$in${quoted}],rma::options[only$eq'probes.id']`,
  )
}

function microarrayKey(genes: readonly string[], donorId: number): string {
  const ids = genes.flatMap(probeIdsOf).join(',')
  return toMirrorPath(
    `${API}/query.json?criteria=service::human_microarray_expression[probes$in${ids}][donors$eq${donorId}]`,
  )
}

function specimenKey(name: string): string {
  return toMirrorPath(`${API}/Specimen/query.json?criteria=[name$eq'${name}']&include=alignment3d`)
}

/** The blanks in "dono  rs" are part of the question as siibra asks it. */
function donorsKey(): string {
  return toMirrorPath(
    `${API}/query.json?criteria=model::Donor,rma::criteria,products[id$eq2],rma::include,age,` +
      'rma::options[only$eq%27donors.id,dono  rs.name,donors.race_only,donors.sex%27]',
  )
}

function probeIdsOf(gene: string): number[] {
  const first = 1000 * (SYMBOLS.indexOf(gene) + 1)
  return Array.from({ length: PROBES_PER_GENE }, (_, index) => first + index)
}

function probesAnswer(genes: readonly string[]): string {
  const ids = genes.flatMap(probeIdsOf)
  const probes = ids.map((id) => `<probe><id>${id}</id></probe>`).join('')
  return (
    `<?xml version='1.0' encoding='UTF-8'?>\n<Response success='true' start_row='0' num_rows='${ids.length}' ` +
    `total_rows='${ids.length}'><probes>${probes}</probes></Response>`
  )
}

function microarrayAnswer(genes: readonly string[], donor: { id: number; name: string }) {
  const samples = LEAF_REGIONS.map(({ index, side, name }, position) => {
    const random = createRandom(`sample ${donor.id} ${name}`)
    const mri = centreOf(index, side).map((value) => Number(decimals(value + 6 * (random() - 0.5), 1)))
    return {
      donor: { id: donor.id, name: donor.name },
      sample: { well: position + 1, polygon: position + 1, mri },
      structure: { id: position + 1, name, abbreviation: `R${position + 1}`, color: 'AABBCC' },
    }
  })
  const probes = genes.flatMap((gene) =>
    probeIdsOf(gene).map((id) => {
      const random = createRandom(`probe ${id} ${donor.id}`)
      const levels = samples.map(() => 5 + 4 * random())
      return {
        id,
        name: `DEMO_${id}`,
        'gene-symbol': gene,
        'gene-name': DEMO_GENES[gene as keyof typeof DEMO_GENES],
        expression_level: levels.map((level) => decimals(level, 4)),
        'z-score': levels.map((level) => decimals((level - 7) / 1.2, 4)),
      }
    }),
  )
  return success({ probes, samples }, 1)
}

/** No rotation, no scaling, no shift: the donor's coordinates are the template's. */
function specimenAnswer(name: string) {
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
  const alignment3d = Object.fromEntries(
    identity.map((value, index) => [`tvr_${String(index).padStart(2, '0')}`, value]),
  )
  return success([{ id: 1, name, alignment3d }], 1)
}

function donorsAnswer() {
  return success(
    DONORS.map(({ id, name, ageYears, sex }) => ({
      id,
      name,
      race_only: 'Invented',
      sex,
      age: { id, days: 365 * ageYears + 30, name: `${ageYears} years` },
    })),
    DONORS.length,
  )
}

function success(msg: unknown, count: number) {
  return { success: true, id: 0, start_row: 0, num_rows: count, total_rows: count, msg }
}
