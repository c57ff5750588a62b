/**
 * Gene expressions in the adult human brain, measured in tissue samples of six donors: microarray data of the Allen
 * Human Brain Atlas, © 2015 Allen Institute for Brain Science, through its API (https://brain-map.org/api/index.html).
 * Any use has to follow their terms: https://alleninstitute.org/legal/terms-use/.
 */
import { XMLParser } from 'fast-xml-parser'
import type { Region, Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { isPointInside, loadRegionVoxels } from '../features/anchors/region-voxels.ts'
import type { ColumnType, Frame } from '../features/data/frame.ts'
import { rangeIndex } from '../features/data/frame.ts'
import {
  type Anchor,
  anchoredName,
  featureId,
  LIVE_CATEGORY,
  liveFeatureId,
  type TableFeature,
} from '../features/feature.ts'
import { loadParsed } from '../features/load/parsed-files.ts'
import type { PointMm } from '../features/location.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { required, upstreamUnavailable } from '../retrieval/upstream-errors.ts'
import { loadVocabulary, unknownGene } from '../vocabularies/vocabularies.ts'
import type { LiveQuery } from './live-query.ts'
import { findReferenceSpace } from './reference-space.ts'

const API = 'http://api.brain-map.org/api/v2/data'
const SPECIES = 'Homo sapiens'

/** Donors of the atlas and the specimens that were made of them, in the order in which tables list them. */
const DONOR_IDS = ['15496', '14380', '15697', '9861', '12876', '10021']
const SPECIMENS = ['H0351.1015', 'H0351.1012', 'H0351.1016', 'H0351.2001', 'H0351.1009', 'H0351.2002']

const probesUrl = (genes: readonly string[]) =>
  `${API}/query.xml?criteria=model::Probe,rma::criteria,[probe_type$eq'DNA'],products[abbreviation$eq'HumanMA'],` +
  `gene[acronym$in${genes.map((gene) => `'${gene}'`).join(',')}],rma::options[only$eq'probes.id']`
const specimenUrl = (name: string) => `${API}/Specimen/query.json?criteria=[name$eq'${name}']&include=alignment3d`
const expressionUrl = (probes: readonly number[], donor: string) =>
  `${API}/query.json?criteria=service::human_microarray_expression[probes$in${probes.join(',')}][donors$eq${donor}]`
/** Sic: the names of the properties are those that the original asks for. */
const DONORS_URL =
  `${API}/query.json?criteria=model::Donor,rma::criteria,products[id$eq2],rma::include,age,` +
  'rma::options[only$eq%27donors.id,dono  rs.name,donors.race_only,donors.sex%27]'

const DESCRIPTION = `
    Gene expressions extracted from microarray data in the Allen Atlas.
    
    For retrieving microarray data, siibra connects to the web API of
    the Allen Brain Atlas (© 2015 Allen Institute for Brain Science),
    available from https://brain-map.org/api/index.html. Any use of the
    microarray data needs to be in accordance with their terms of use,
    as specified at https://alleninstitute.org/legal/terms-use/.
    `
  .replaceAll('\n', ' ')
  .trim()

interface Donor {
  race: string
  gender: string
  age: number
}

/** A sample's expression of a gene as one probe measured it. */
interface Measurement extends Donor {
  gene: string
  level: number
  zScore: number
  sample: number
  probeId: number
  donorName: string
  mniMm: PointMm
}

interface Answer<T> {
  success?: boolean
  msg?: T
}

async function ask<T>(retrieval: Retrieval, url: string, signal?: AbortSignal): Promise<T> {
  const answer = required(await retrieval.json<Answer<T>>(url, { signal }), url)
  if (answer.success === false || answer.msg === undefined) throw upstreamUnavailable(url, 'the query failed')
  return answer.msg
}

/** Probes that measure the genes. The service answers 200 with a web page when it is away. */
async function findProbes(retrieval: Retrieval, genes: readonly string[], signal?: AbortSignal): Promise<number[]> {
  const url = probesUrl(genes)
  const xml = new TextDecoder().decode(required(await retrieval.bytes(url, { signal }), url))
  if (/site unavailable/i.test(xml)) throw upstreamUnavailable(url, 'the Allen institute says: site unavailable')
  const parsed = new XMLParser({ isArray: (name) => name === 'probe' }).parse(xml)
  const probes: { id?: unknown }[] = parsed.Response?.probes?.probe ?? []
  return probes.map(({ id }) => Number(id))
}

interface Specimen {
  alignment3d: Record<string, number>
}

/** Rows of the affine from the donor's MRI to MNI, by donor. */
function alignmentOf({ alignment3d: t }: Specimen): number[][] {
  return [
    ['tvr_00', 'tvr_01', 'tvr_02', 'tvr_09'],
    ['tvr_03', 'tvr_04', 'tvr_05', 'tvr_10'],
    ['tvr_06', 'tvr_07', 'tvr_08', 'tvr_11'],
  ].map((row) => row.map((key) => t[key]!))
}

/** What is the same for all genes: the donors and how their brains lie in MNI. */
function loadDonors(retrieval: Retrieval, signal?: AbortSignal) {
  return loadParsed(retrieval, API, 'donors', async () => {
    const [donors, ...specimens] = await Promise.all([
      ask<{ id: number; race_only: string; sex: string; age: { days: number } }[]>(retrieval, DONORS_URL, signal),
      ...SPECIMENS.map((name) => ask<Specimen[]>(retrieval, specimenUrl(name), signal)),
    ])
    return {
      donors: new Map(
        donors.map(({ id, race_only, sex, age }): [number, Donor] => [
          id,
          { race: race_only, gender: sex, age: Math.trunc(age.days / 365) },
        ]),
      ),
      alignments: new Map(specimens.map(([specimen], i) => [SPECIMENS[i]!, alignmentOf(specimen!)])),
    }
  })
}

interface Expressions {
  probes: { id: number; 'gene-symbol': string; expression_level: (string | number)[]; 'z-score': (string | number)[] }[]
  samples: { donor: { id: number; name: string }; sample: { mri: number[] } }[]
}

/** Rounded half to even, as numpy does. */
function round2(value: number): number {
  const scaled = value * 100
  const floor = Math.floor(scaled)
  const isHalf = scaled - floor === 0.5
  const nearest = isHalf ? (floor % 2 === 0 ? floor : floor + 1) : Math.round(scaled)
  return nearest / 100
}

/** All measurements of the genes: donor by donor, sample by sample, probe by probe. */
function loadMeasurements(
  retrieval: Retrieval,
  genes: readonly string[],
  signal?: AbortSignal,
): Promise<Measurement[]> {
  return loadParsed(retrieval, API, `genes ${genes.join(',')}`, async () => {
    const [probes, { donors, alignments }] = await Promise.all([
      findProbes(retrieval, genes, signal),
      loadDonors(retrieval, signal),
    ])
    if (probes.length === 0) return []
    const answers = await Promise.all(
      DONOR_IDS.map((donor) => ask<Expressions>(retrieval, expressionUrl(probes, donor), signal)),
    )
    return answers.flatMap(({ probes: measured, samples }) =>
      samples.flatMap(({ donor, sample }, number) => {
        const alignment = alignments.get(donor.name)
        const facts = donors.get(donor.id)
        if (!alignment || !facts) throw new SiibraError('BAD_DATA', `${API} knows no donor ${donor.name}`, { url: API })
        const [x = 0, y = 0, z = 0] = sample.mri
        const mniMm = alignment.map(([a, b, c, d]) => round2(a! * x + b! * y + c! * z + d!)) as unknown as PointMm
        return measured.map(
          (probe): Measurement => ({
            ...facts,
            gene: probe['gene-symbol'],
            level: Number(probe.expression_level[number]),
            zScore: Number(probe['z-score'][number]),
            sample: number,
            probeId: probe.id,
            donorName: donor.name,
            mniMm,
          }),
        )
      }),
    )
  })
}

type GeneNames = Readonly<Record<string, string>>

/** Symbols by their capitals, 20,000 of them: made once, and only if somebody spells one in another way. */
const SPELLINGS = new WeakMap<GeneNames, Map<string, string>>()

function findBySpelling(known: GeneNames, gene: string): string | undefined {
  let spellings = SPELLINGS.get(known)
  if (!spellings) {
    spellings = new Map(Object.keys(known).map((symbol) => [symbol.toUpperCase(), symbol]))
    SPELLINGS.set(known, spellings)
  }
  return spellings.get(gene.toUpperCase())
}

/** Throws NOT_FOUND for symbols that the vocabulary does not have. */
async function checkGenes(retrieval: Retrieval, genes: readonly string[]): Promise<string[]> {
  if (genes.length === 0) return []
  const known = await loadVocabulary<GeneNames>(retrieval, 'gene_names')
  return genes.map((gene) => {
    const symbol = Object.hasOwn(known, gene) ? gene : findBySpelling(known, gene)
    if (symbol === undefined) throw unknownGene(Object.keys(known), gene)
    return symbol
  })
}

/**
 * One table of the samples that were taken in the region; an empty one where no gene is named.
 * Regions that no labelled map draws in MNI coordinates have none.
 */
export const queryGeneExpressions: LiveQuery = async (core, region, { genes = [], signal }) => {
  const symbols = await checkGenes(core.retrieval, genes)
  const space = findReferenceSpace(core, 'mni152')
  if (region.species !== SPECIES || !space) return []
  const voxels = await loadRegionVoxels(core, region, space, signal)
  if (!voxels) return []
  const measurements = symbols.length === 0 ? [] : await loadMeasurements(core.retrieval, symbols, signal)
  const inside = measurements.filter(({ mniMm }) => isPointInside(voxels, mniMm))
  return [toFeature(region, space, inside)]
}

function toFeature(region: Region, space: Space, measurements: readonly Measurement[]): TableFeature {
  const anchor: Anchor = {
    species: SPECIES,
    regionSpec: region.name,
    location: { kind: 'pointcloud', space, pointsMm: measurements.map(({ mniMm }) => mniMm) },
  }
  const name = anchoredName('GeneExpressions', 'Gene expression', anchor)
  return {
    kind: 'table',
    type: 'GeneExpressions',
    category: LIVE_CATEGORY,
    modality: 'Gene expression',
    id: liveFeatureId('GeneExpressions', region, featureId(name, [])),
    name,
    description: DESCRIPTION,
    anchor,
    datasets: [],
    file: null,
    table: toTable(measurements),
  }
}

function toTable(measurements: readonly Measurement[]): Frame {
  const column = <K extends keyof Measurement>(name: string, type: ColumnType, key: K) => ({
    name,
    type,
    values: measurements.map((measurement) => measurement[key]),
  })
  return {
    indexName: null,
    indexType: 'int64',
    index: rangeIndex(measurements.length),
    columns: [
      column('level', 'float64', 'level'),
      column('zscore', 'float64', 'zScore'),
      column('gene', 'object', 'gene'),
      column('race', 'object', 'race'),
      column('gender', 'object', 'gender'),
      column('age', 'int64', 'age'),
      column('mni_xyz', 'object', 'mniMm'),
      column('sample', 'int64', 'sample'),
      column('probe_id', 'int64', 'probeId'),
      column('donor_name', 'object', 'donorName'),
    ],
  }
}
