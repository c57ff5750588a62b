import type { AtlasCore } from '../atlas/atlas-core.ts'
import { foldCase, splitWhitespace } from '../core/names.ts'
import type { Region, Space } from '../core/types.ts'
import { featureIndex } from '../features/catalogue.ts'
import { datasetId, type Feature, type PreconfiguredFeature } from '../features/feature.ts'
import { imagePlaces } from '../features/image-places.ts'
import { type BoxLocation, boxesOverlap, type FeatureLocation } from '../features/location.ts'
import type { FeatureTypeName } from '../features/types.ts'
import { parseFeatureType } from '../features/types.ts'
import { listPreconfigured } from './list-features.ts'

/** What features are searched by; what is left out does not matter. */
export interface FeatureQuery {
  /** Words that all occur in name, modality, type, id, region or cohort, in any case and order. */
  text?: string | undefined
  /** As in listings: a type, or words of the names of types. */
  type?: string | undefined
  /** Words of the modality. */
  modality?: string | undefined
  species?: string | undefined
  region?: Region | undefined
  /** Features that have a place in the space, or (with a box) in it. */
  space?: Space | undefined
  box?: BoxLocation | undefined
  /** Id of a data set, or the end of it. */
  dataset?: string | undefined
  /** Words of the licence of one of the data sets. */
  licence?: string | undefined
}

/**
 * Features of the configuration that answer to all of a query, in the order of types and files. Throws INVALID_PARAMETER
 * for an unknown type, UPSTREAM_UNAVAILABLE where places or masks that decide cannot be had.
 */
export async function searchFeatures(
  core: AtlasCore,
  query: FeatureQuery,
  signal?: AbortSignal,
): Promise<PreconfiguredFeature[]> {
  const { region, box, licence } = query
  const types = query.type ? new Set(parseFeatureType(query.type)) : undefined
  const { features } = await featureIndex(core)
  const ofRegion =
    region &&
    new Set<unknown>(await listPreconfigured(core, region, types ? [...types] : typesOf(features), { signal }))
  const matching = features.filter(
    (feature) =>
      (types?.has(feature.type) ?? true) && (ofRegion?.has(feature) ?? true) && matchesPlainly(feature, query),
  )
  const placed = box ? await inBox(core, matching, box, signal) : matching
  if (!licence) return placed
  const licences = await Promise.all(placed.map((feature) => core.datasets.describeAll(feature.datasets)))
  return placed.filter((_, i) => hasWords((licences[i] ?? []).flatMap(({ licenses }) => licenses).join(' '), licence))
}

const typesOf = (features: readonly PreconfiguredFeature[]): FeatureTypeName[] => [
  ...new Set(features.map(({ type }) => type)),
]

function matchesPlainly(feature: PreconfiguredFeature, query: FeatureQuery): boolean {
  const { anchor, modality, datasets } = feature
  const { text, species, space, dataset } = query
  if (species !== undefined && foldCase(anchor.species) !== foldCase(species)) return false
  if (space && placeOf(feature)?.space !== space && !(feature.kind === 'image' && feature.space === space)) return false
  if (query.modality && !hasWords(modality ?? '', query.modality)) return false
  if (dataset && !datasets.some((reference) => datasetId(reference).endsWith(dataset))) return false
  return !text || featureHasWords(feature, text)
}

/** Whether all of these words occur in name, modality, type, id, region or cohort of a feature, in any case and order. */
export function featureHasWords(feature: Feature, words: string): boolean {
  const { name, modality, type, id, anchor } = feature
  const cohort = 'cohort' in feature ? feature.cohort : ''
  return hasWords([name, modality, type, id, anchor.regionSpec, cohort].join(' '), words)
}

function hasWords(text: string, words: string): boolean {
  const folded = foldCase(text)
  return splitWhitespace(foldCase(words)).every((word) => folded.includes(word))
}

const placeOf = (feature: PreconfiguredFeature): FeatureLocation | null => feature.anchor.location

async function inBox(
  core: AtlasCore,
  features: readonly PreconfiguredFeature[],
  box: BoxLocation,
  signal?: AbortSignal,
): Promise<PreconfiguredFeature[]> {
  const images = features.filter(({ kind }) => kind === 'image')
  const finders = await Promise.all(typesOf(images).map((type) => imagePlaces(core, box.space, type, signal)))
  const found = new Set<PreconfiguredFeature>(finders.flatMap((find) => find(box)))
  return features.filter((feature) => found.has(feature) || (feature.kind !== 'image' && meets(placeOf(feature), box)))
}

/** Points count with the faces of the box, other boxes where they share a volume with it. */
function meets(location: FeatureLocation | null, box: BoxLocation): boolean {
  if (location === null || location.space !== box.space) return false
  if (location.kind === 'box') return boxesOverlap(location, box)
  const points = location.kind === 'point' ? [location.pointMm] : location.pointsMm
  return points.some((point) =>
    point.every((value, axis) => value >= (box.minMm[axis] ?? 0) && value <= (box.maxMm[axis] ?? 0)),
  )
}
