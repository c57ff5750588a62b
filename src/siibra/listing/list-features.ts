/** Which features answer a question: those of the configuration, and those that are made for a region when asked. */

import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { Region, Space } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import { locatedFeatures } from '../features/anchors/locate-features.ts'
import { featureIndex } from '../features/catalogue.ts'
import type { Feature, ImageFeature } from '../features/feature.ts'
import { imagePlaces } from '../features/image-places.ts'
import type { BoxLocation, PointMm } from '../features/location.ts'
import { categoryOf, FEATURE_TYPES, type FeatureTypeName, isKindOf, parseFeatureType } from '../features/types.ts'
import { runLiveQuery } from '../livequeries/run-live-query.ts'
import { perAxis } from '../volumes/affine.ts'

export interface ListOptions {
  /** For gene expressions: symbols of genes. */
  genes?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

/** The types that a listing is about, and whether they were asked for by name. */
export interface AskedTypes {
  names: readonly FeatureTypeName[]
  /** Without a name, types that are left out of general listings are left out. */
  isGeneral: boolean
}

/** Time series are matrices rather than tables: general listings of tables go without them, as the original's do. */
const ONLY_BY_NAME: ReadonlySet<FeatureTypeName> = new Set<FeatureTypeName>(['RegionalBOLD'])

/**
 * What a `type` parameter means within a branch of the tree of types, in alphabetical order.
 * Throws INVALID_PARAMETER for unknown types and those of other branches, INVALID_COMBINATION for an empty one.
 */
export function parseAskedTypes(spec: string | undefined, branch: FeatureTypeName): AskedTypes {
  if (spec === '') throw new SiibraError('INVALID_COMBINATION', 'type: is empty', { parameter: 'type' })
  const all = parseFeatureType(spec ?? branch)
  const names = all.filter((name) => isKindOf(name, branch))
  if (names.length === 0) {
    throw new SiibraError('INVALID_PARAMETER', `type: ${spec} is not a kind of ${branch}`, {
      parameter: 'type',
      allowed: FEATURE_TYPES.map(({ name }) => name).filter((name) => isKindOf(name, branch)),
    })
  }
  const isGeneral = spec === undefined || names.length > ONLY_BY_NAME.size
  return { names: isGeneral ? names.filter((name) => !ONLY_BY_NAME.has(name)) : names, isGeneral }
}

/** Features of a region (or parcellation), type by type: those of the configuration first, then those made on the fly. */
export async function listRegionFeatures(
  core: AtlasCore,
  region: Region,
  { names }: AskedTypes,
  options: ListOptions = {},
): Promise<Feature[]> {
  const byRegion = await listPreconfigured(core, region, names, options)
  const live = await Promise.all(names.map((name) => runLiveQuery(core, name, region, options)))
  return names.flatMap((name, i) => [...byRegion.filter(({ type }) => type === name), ...(live[i] ?? [])])
}

/** All features of the configuration that belong to a region, in the order of types and files. */
export async function listPreconfigured(
  core: AtlasCore,
  region: Region,
  types: readonly FeatureTypeName[],
  options: ListOptions = {},
): Promise<Feature[]> {
  const index = await featureIndex(core)
  const asked = new Set(types)
  const byRegion = index.ofRegion(region).filter(({ type }) => asked.has(type))
  const candidates = index.locatedOutside(region).filter(({ type }) => asked.has(type))
  if (candidates.length === 0) return byRegion
  const located = new Set(await locatedFeatures(core, region, candidates, options.signal))
  const found = new Set<Feature>(byRegion)
  return index.features.filter((feature) => found.has(feature) || located.has(feature))
}

/** What an image listing is about: images of some types, or, by the names that stand for categories, of a category. */
const CATEGORY_NAMES: ReadonlySet<string> = new Set([
  'BlockfaceVolumeOfInterest',
  'CellBodyStainedVolumeOfInterest',
  'DTIVolumeOfInterest',
])

/**
 * Images of a space, or of a box in it. Three type names stand for all images of their category, as in the original:
 * blockface for macrostructural, cell body stained for cellular, DTI for fibre images.
 */
export async function listImages(
  core: AtlasCore,
  space: Space,
  type: string | undefined,
  box: BoxLocation | undefined,
  signal?: AbortSignal,
): Promise<ImageFeature[]> {
  const { names } = parseAskedTypes(type, 'Image')
  const [only] = names
  const category = only !== undefined && names.length === 1 && CATEGORY_NAMES.has(only) ? categoryOf(only) : null
  const isAsked = (image: ImageFeature) =>
    category === null ? names.includes(image.type) : image.category === category
  const images = (await featureIndex(core)).images.filter((image) => image.space === space && isAsked(image))
  if (!box) return images
  const types = [...new Set(images.map((image) => image.type))]
  const places = await Promise.all(types.map((name) => imagePlaces(core, space, name, signal)))
  const found = new Set(places.flatMap((find) => find(box)))
  return images.filter((image) => found.has(image))
}

/** Reads the `bbox` parameter: two corners in mm as JSON. Throws INVALID_PARAMETER. */
export function parseBox(text: string, space: Space): BoxLocation {
  const [first, second] = parseCorners(text)
  const pick = (of: (...values: number[]) => number) => perAxis((i) => of(first[i], second[i]))
  return { kind: 'box', space, minMm: pick(Math.min), maxMm: pick(Math.max) }
}

function parseCorners(text: string): [PointMm, PointMm] {
  const isCorner = (corner: unknown) =>
    Array.isArray(corner) && corner.length === 3 && corner.every((value) => Number.isFinite(value))
  try {
    const corners: unknown = JSON.parse(text)
    if (Array.isArray(corners) && corners.length === 2 && corners.every(isCorner)) return corners as [PointMm, PointMm]
  } catch {}
  const allowed = '[[x, y, z], [x, y, z]] in mm'
  throw new SiibraError('INVALID_PARAMETER', `bbox: two corners are expected, as ${allowed}`, {
    parameter: 'bbox',
    allowed,
  })
}

/** The feature of an id, if it is one of the configuration. */
export async function findPreconfigured(core: AtlasCore, id: string): Promise<Feature | undefined> {
  return (await featureIndex(core)).byId.get(id)
}
