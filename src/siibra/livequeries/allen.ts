/**
 * Gene expressions in the adult human brain, measured in tissue samples of six donors: microarray data of the Allen
 * Human Brain Atlas, © 2015 Allen Institute for Brain Science, through its API (https://brain-map.org/api/index.html).
 * Any use has to follow their terms: https://alleninstitute.org/legal/terms-use/.
 */
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
import { oncePer } from '../retrieval/cache/once-per.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { loadVocabulary, unknownGene } from '../vocabularies/vocabularies.ts'
import { perAxis } from '../volumes/affine.ts'
import { ALLEN_API, type Donor, findProbes, loadAlignment, loadDonorFacts, loadExpressions } from './allen-api.ts'
import type { LiveQuery } from './live-query.ts'
import { findReferenceSpace } from './reference-space.ts'

const SPECIES = 'Homo sapiens'

/** Donors of the atlas and the specimens that were made of them, in the order in which tables list them. */
const DONOR_IDS = ['15496', '14380', '15697', '9861', '12876', '10021']
const SPECIMENS = ['H0351.1015', 'H0351.1012', 'H0351.1016', 'H0351.2001', 'H0351.1009', 'H0351.2002']

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

/** A sample's expression of a gene as one probe measured it. */
export interface Measurement extends Donor {
  gene: string
  /** null where the probe measured nothing. */
  level: number | null
  zScore: number | null
  sample: number
  probeId: number
  donorName: string
  mniMm: PointMm
}

/** What is the same for all genes: the donors and how their brains lie in MNI. */
function loadDonors(retrieval: Retrieval, signal?: AbortSignal) {
  const load = async (shared: AbortSignal) => {
    const [donors, ...alignments] = await Promise.all([
      loadDonorFacts(retrieval, shared),
      ...SPECIMENS.map((name) => loadAlignment(retrieval, name, shared)),
    ])
    return { donors, alignments: new Map(SPECIMENS.map((name, i) => [name, alignments[i]])) }
  }
  return loadParsed(retrieval, ALLEN_API, 'donors', load, signal)
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
  const load = async (shared: AbortSignal) => {
    const [probes, { donors, alignments }] = await Promise.all([
      findProbes(retrieval, genes, shared),
      loadDonors(retrieval, shared),
    ])
    if (probes.length === 0) return []
    const answers = await Promise.all(DONOR_IDS.map((donor) => loadExpressions(retrieval, probes, donor, shared)))
    return answers.flatMap(({ probes: measured, samples }) =>
      samples.flatMap(({ donorId, donorName, mri: [x, y, z] }, number) => {
        const alignment = alignments.get(donorName)
        const facts = donors.get(donorId)
        if (!alignment || !facts) {
          throw new SiibraError('BAD_DATA', `The Allen API knows no donor ${donorName}`, { url: ALLEN_API })
        }
        const mniMm = perAxis((axis) => {
          const [a = 0, b = 0, c = 0, d = 0] = alignment[axis] ?? []
          return round2(a * x + b * y + c * z + d)
        })
        return measured.map(
          ({ id, gene, levels, zScores }): Measurement => ({
            ...facts,
            gene,
            level: levels[number] ?? null,
            zScore: zScores[number] ?? null,
            sample: number,
            probeId: id,
            donorName,
            mniMm,
          }),
        )
      }),
    )
  }
  return loadParsed(retrieval, ALLEN_API, `genes ${genes.join(',')}`, load, signal)
}

type GeneNames = Readonly<Record<string, string>>

/** Symbols by their capitals, 20,000 of them: made once, and only if somebody spells one in another way. */
function indexSpellings(known: GeneNames): ReadonlyMap<string, string> {
  return new Map(Object.keys(known).map((symbol) => [symbol.toUpperCase(), symbol]))
}

/** Throws NOT_FOUND for symbols that the vocabulary does not have. */
async function checkGenes(retrieval: Retrieval, genes: readonly string[]): Promise<string[]> {
  if (genes.length === 0) return []
  const known = await loadVocabulary<GeneNames>(retrieval, 'gene_names')
  return genes.map((gene) => {
    const symbol = Object.hasOwn(known, gene) ? gene : oncePer(known, indexSpellings).get(gene.toUpperCase())
    if (symbol === undefined) throw unknownGene(Object.keys(known), gene)
    return symbol
  })
}

/** What was measured of each gene in all of the samples, by its symbol; a query of its own for each, so that it is asked once. */
export async function loadGenes(
  retrieval: Retrieval,
  genes: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly Measurement[]>> {
  const symbols = [...new Set(await checkGenes(retrieval, genes))]
  const measured = await Promise.all(symbols.map((symbol) => loadMeasurements(retrieval, [symbol], signal)))
  return new Map(symbols.map((symbol, i) => [symbol, measured[i] ?? []]))
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
