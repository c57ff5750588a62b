/**
 * Which features lie in a region by their location alone: their points or boxes are compared with the masks of the
 * region and its parts. What was found out about a part is kept, so that every mask is read once.
 */
import type { Region, Space } from '../core/types.ts'
import { providesImage } from '../core/volume.ts'
import { SiibraError } from '../errors.ts'
import type { AtlasCore } from '../index.ts'
import { boxBetween } from '../locations/bounding-box.ts'
import { canWarp, warpPoints } from '../locations/warp.ts'
import type { PreconfiguredFeature } from './feature.ts'
import { loadImageBox } from './image-box.ts'
import { createMaskShape, isBoxInMask, type MaskShape } from './locate-boxes.ts'
import type { FeatureLocation, PointMm } from './location.ts'
import { isPointInside, loadRegionVoxels, type RegionVoxels } from './region-voxels.ts'

/** What is known of one atlas core. */
interface Knowledge {
  /** Region id and feature id -> whether the region itself (not its parts) holds the feature. */
  results: Map<string, boolean>
  /** Space id and feature id -> where the feature lies in that space; null where the way does not reach. */
  locations: Map<string, FeatureLocation | null>
}

const KNOWLEDGE = new WeakMap<AtlasCore, Knowledge>()

function knowledgeOf(core: AtlasCore): Knowledge {
  let knowledge = KNOWLEDGE.get(core)
  if (!knowledge) {
    knowledge = { results: new Map(), locations: new Map() }
    KNOWLEDGE.set(core, knowledge)
  }
  return knowledge
}

/**
 * Of features whose region the parcellation does not know, those that lie in the region or one of its parts.
 * Throws UPSTREAM_UNAVAILABLE where a mask or a location cannot be had now.
 */
export async function locatedFeatures(
  core: AtlasCore,
  region: Region,
  candidates: readonly PreconfiguredFeature[],
  signal?: AbortSignal,
): Promise<PreconfiguredFeature[]> {
  const located = await withLocations(core, candidates, signal)
  const found = new Set<PreconfiguredFeature>()
  for (const part of drawnParts(core, region)) {
    const left = located.filter(({ feature }) => !found.has(feature))
    for (const feature of await locateInPart(core, part, left, signal)) found.add(feature)
  }
  return candidates.filter((feature) => found.has(feature))
}

interface Located {
  feature: PreconfiguredFeature
  location: FeatureLocation
}

/** Images whose volume is not there any more are left out. */
async function withLocations(
  core: AtlasCore,
  features: readonly PreconfiguredFeature[],
  signal?: AbortSignal,
): Promise<Located[]> {
  const located = await Promise.all(
    features.map(async (feature): Promise<Located[]> => {
      const { location } = feature.anchor
      if (feature.kind !== 'image') return location ? [{ feature, location }] : []
      try {
        return [{ feature, location: await loadImageBox(core.retrieval, feature, signal) }]
      } catch (error) {
        if (error instanceof SiibraError && error.details.status === 404) return []
        throw error
      }
    }),
  )
  return located.flat()
}

/** The region and its parts as far as maps draw them, with the spaces of these maps; parts first. */
interface DrawnPart {
  region: Region
  spaces: Space[]
}

function drawnParts(core: AtlasCore, region: Region): DrawnPart[] {
  const maps = core.maps.all.filter(({ parcellation }) => parcellation === region.parcellation)
  const parts: DrawnPart[] = []
  const visit = (node: Region) => {
    for (const child of node.children) visit(child)
    const own = new Set(maps.filter(({ indices }) => indices.has(node.name)).map(({ space }) => space))
    const spaces = core.spaces.all.filter((space) => own.has(space) && space.volumes.some(providesImage))
    if (spaces.length > 0) parts.push({ region: node, spaces })
  }
  visit(region)
  return parts
}

async function locateInPart(
  core: AtlasCore,
  { region, spaces }: DrawnPart,
  located: readonly Located[],
  signal?: AbortSignal,
): Promise<PreconfiguredFeature[]> {
  const { results } = knowledgeOf(core)
  const keyOf = ({ id }: PreconfiguredFeature) => `${region.id}\n${id}`
  const unknown = located.filter(({ feature }) => !results.has(keyOf(feature)))
  const masks = new Map<Space, Mask | undefined>()
  const maskIn = async (space: Space) => {
    if (!masks.has(space)) masks.set(space, await loadMask(core, region, space, signal))
    return masks.get(space)
  }
  for (const [space, group] of bySpace(unknown)) {
    let maskSpace: Space | undefined
    let mask: Mask | undefined
    for (const candidate of preferring(spaces, space)) {
      if (!canWarp(space.id, candidate.id)) continue
      maskSpace = candidate
      mask = await maskIn(candidate)
      if (mask) break
    }
    const moved = mask && maskSpace ? await moveLocations(core, group, maskSpace, signal) : []
    group.forEach(({ feature }, i) => {
      const location = moved[i]
      results.set(keyOf(feature), Boolean(mask && location && isInside(location, mask)))
    })
  }
  return located.filter(({ feature }) => results.get(keyOf(feature))).map(({ feature }) => feature)
}

function bySpace(located: readonly Located[]): Map<Space, Located[]> {
  const groups = new Map<Space, Located[]>()
  for (const one of located) groups.set(one.location.space, [...(groups.get(one.location.space) ?? []), one])
  return groups
}

const preferring = (spaces: readonly Space[], first: Space): Space[] => (spaces.includes(first) ? [first] : [...spaces])

/** The locations in another space, in one request for all. */
async function moveLocations(
  core: AtlasCore,
  located: readonly Located[],
  target: Space,
  signal?: AbortSignal,
): Promise<(FeatureLocation | null)[]> {
  const { locations } = knowledgeOf(core)
  const keyOf = ({ feature }: Located) => `${target.id}\n${feature.id}`
  const missing = located.filter((one) => one.location.space !== target && !locations.has(keyOf(one)))
  if (missing.length > 0) {
    const points = missing.flatMap(({ location }) => pointsOf(location))
    const moved = await warpPoints(points, missing[0]!.location.space.id, target.id, core.retrieval, signal)
    let at = 0
    for (const one of missing) {
      const count = pointsOf(one.location).length
      locations.set(keyOf(one), withPoints(one.location, target, moved.slice(at, at + count)))
      at += count
    }
  }
  return located.map((one) => (one.location.space === target ? one.location : (locations.get(keyOf(one)) ?? null)))
}

function pointsOf(location: FeatureLocation): readonly PointMm[] {
  if (location.kind === 'point') return [location.pointMm]
  return location.kind === 'pointcloud' ? location.pointsMm : [location.minMm, location.maxMm]
}

function withPoints(
  location: FeatureLocation,
  space: Space,
  moved: readonly (PointMm | undefined)[],
): FeatureLocation | null {
  const points = moved.filter((point) => point !== undefined)
  const [first, last] = points
  if (location.kind === 'pointcloud') return points.length > 0 ? { kind: 'pointcloud', space, pointsMm: points } : null
  if (location.kind === 'point') return first ? { kind: 'point', space, pointMm: first } : null
  return first && last ? { kind: 'box', space, ...boxBetween(first, last) } : null
}

interface Mask {
  voxels: RegionVoxels
  shape: MaskShape
}

async function loadMask(
  core: AtlasCore,
  region: Region,
  space: Space,
  signal?: AbortSignal,
): Promise<Mask | undefined> {
  const voxels = await loadRegionVoxels(core, region, space, signal)
  const shape = voxels && createMaskShape(voxels)
  return shape && { voxels, shape }
}

function isInside(location: FeatureLocation, { voxels, shape }: Mask): boolean {
  if (location.kind === 'box') return isBoxInMask(location, shape)
  return pointsOf(location).some((point) => isPointInside(voxels, point))
}
