import type { Feature } from '../../../siibra/index.ts'
import {
  type AtlasCore,
  createGaps,
  findLiveFeature,
  findPreconfigured,
  isLiveId,
  type Match,
  type Region,
  SiibraError,
} from '../../../siibra/index.ts'
import type { HandlerContext } from '../../../tasks/task.ts'
import { lookUpRequestedRegion } from '../../look-up-region.ts'
import { matchHeaders } from '../../match-header.ts'
import type { FeaturePageOptions } from './feature-page.ts'
import { parseInclude } from './include.ts'

/** What a page of features needs of the request. */
export const pageOptions = (
  { remapProviders, signal }: HandlerContext,
  include: string | undefined,
  asked?: Region,
): FeaturePageOptions => ({ remap: remapProviders, gaps: createGaps(), include: parseInclude(include), asked, signal })

/** The region (or parcellation) that a request is about, and the headers that tell where it was guessed. */
export function lookUpConcept(
  core: AtlasCore,
  parcellationId: string,
  regionId: string | undefined,
): { region: Region; headers: Record<string, string> } {
  const parcellation = core.parcellations.lookUp(parcellationId)
  const region: Match<Region> | undefined =
    regionId === undefined ? undefined : lookUpRequestedRegion(parcellation.object, regionId)
  return { region: region?.object ?? parcellation.object, headers: matchHeaders({ parcellation, region }) }
}

/**
 * The symbols of genes in a parameter: one, or several between commas.
 * Throws NOT_FOUND for an empty one; whether the genes exist, the query finds out.
 */
export function parseGenes(gene: string | undefined): string[] | undefined {
  if (gene === undefined) return undefined
  const symbols = gene
    .split(',')
    .map((symbol) => symbol.trim())
    .filter(Boolean)
  if (symbols.length === 0) throw new SiibraError('NOT_FOUND', 'gene: is empty', { parameter: 'gene' })
  return symbols
}

export interface FindOptions {
  gene?: string | undefined
  signal: AbortSignal
}

/** The feature of an id, made again where it is not one of the configuration. Throws NOT_FOUND. */
export async function findFeature(core: AtlasCore, id: string, options: FindOptions): Promise<Feature> {
  if (isLiveId(id)) return findLiveFeature(core, id, { genes: parseGenes(options.gene), signal: options.signal })
  const feature = await findPreconfigured(core, id)
  if (!feature)
    throw new SiibraError('NOT_FOUND', `There is no feature ${id}`, { kind: 'feature', spec: id.slice(0, 200) })
  return feature
}
