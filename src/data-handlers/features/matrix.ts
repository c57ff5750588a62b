import { FeatureMatrixParams, MAX_GENES } from '../../models/feature-tables.ts'
import { regionMatrixTable } from '../../serialization/tables/region-matrix.ts'
import {
  type AtlasCore,
  loadFeatureMatrix,
  loadGeneMatrix,
  type Parcellation,
  type RegionMatrix,
  SiibraError,
} from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { matchHeaders } from '../match-header.ts'
import { provenanceOf } from '../provenance.ts'
import { parseGenes } from './shared/context.ts'

const ALLEN =
  'Allen Human Brain Atlas, © 2015 Allen Institute for Brain Science, https://alleninstitute.org/legal/terms-use/'

/** What was measured in the regions of a parcellation, as one table: receptors, layers or genes. */
export const featureMatrix: DataHandler<FeatureMatrixParams> = {
  name: 'feature_matrix',
  queue: 'features',
  params: FeatureMatrixParams,
  async run({ parcellation_id, type, gene, measure }, { core: loadCore, signal }) {
    const genes = checkGenes(type, gene)
    const core = await loadCore()
    const parcellation = core.parcellations.lookUp(parcellation_id)
    const { matrix, about } = genes
      ? await ofGenes(core, parcellation.object, genes, { measure, signal })
      : await ofFeatures(core, parcellation.object, type as string, signal)
    return {
      table: () => ({ ...regionMatrixTable(`${parcellation.object.name} ${about.type}`, matrix), provenance: about }),
      headers: matchHeaders({ parcellation }),
    }
  },
}

/** The genes that are asked for; undefined for other types. Throws INVALID_PARAMETER where both or neither are told. */
function checkGenes(type: string | undefined, gene: readonly string[] | undefined): string[] | undefined {
  const refuse = (parameter: string, message: string, allowed?: unknown) =>
    new SiibraError('INVALID_PARAMETER', `${parameter}: ${message}`, { parameter, allowed })
  if (gene === undefined) {
    if (type === undefined) throw refuse('type', 'is missing; or name a gene')
    if (type === 'GeneExpressions') throw refuse('gene', 'is missing')
    return undefined
  }
  if (type !== undefined && type !== 'GeneExpressions') throw refuse('gene', `does not go with ${type}`)
  const genes = parseGenes(gene.join(','))
  if (genes && genes.length > MAX_GENES) throw refuse('gene', `${genes.length} are too many`, MAX_GENES)
  return genes
}

interface Told {
  matrix: RegionMatrix
  /** What the values are, and where they come from. */
  about: Record<string, string>
}

async function ofGenes(
  core: AtlasCore,
  parcellation: Parcellation,
  genes: readonly string[],
  options: { measure: FeatureMatrixParams['measure']; signal: AbortSignal },
): Promise<Told> {
  const matrix = await loadGeneMatrix(core, parcellation, genes, options)
  const origin = await provenanceOf(core, { parcellation })
  return { matrix, about: { type: 'GeneExpressions', measure: options.measure, source: ALLEN, ...origin } }
}

async function ofFeatures(
  core: AtlasCore,
  parcellation: Parcellation,
  type: string,
  signal: AbortSignal,
): Promise<Told> {
  const { features, ...matrix } = await loadFeatureMatrix(core, parcellation, type, signal)
  const datasets = features.flatMap((feature) => feature.datasets)
  return { matrix, about: { type, ...(await provenanceOf(core, { parcellation, datasets })) } }
}
