/**
 * Which features lie in a region by their location alone: their points or boxes are compared with the masks of the
 * region and its parts. What was found out about a part is kept, so that every mask is read once.
 */

import type { AtlasCore } from '../../atlas/atlas-core.ts'
import { subtreeUpwards } from '../../core/tree.ts'
import type { Region, Space } from '../../core/types.ts'
import { providesImage } from '../../core/volume.ts'
import { SiibraError } from '../../errors.ts'
import { boxBetween } from '../../locations/bounding-box.ts'
import { canWarp, warpPoints } from '../../locations/warp.ts'
import { oncePer } from '../../retrieval/cache/once-per.ts'
import type { PreconfiguredFeature } from '../feature.ts'
import type { FeatureLocation, PointMm } from '../location.ts'
import { loadImageBox } from './image-box.ts'
import { createMaskShape, isBoxInMask, type MaskShape } from './locate-boxes.ts'
import { isPointInside, loadRegionVoxels, type RegionVoxels } from './region-voxels.ts'

/** Feature -> whether it lies inside. */
type Verdicts = Map<PreconfiguredFeature, boolean>

/** What is known of one atlas core. */
interface Knowledge {
  /** Of regions by themselves, without their parts. */
  ofPart: Map<Region, Verdicts>
  /** Of regions with all of their parts. */
  ofTree: Map<Region, Verdicts>
  /** Where features lie in other spaces; null where the way does not reach. */
  locations: Map<Space, Map<PreconfiguredFeature, FeatureLocation | null>>
}

function createKnowledge(_: AtlasCore): Knowledge {
  return { ofPart: new Map(), ofTree: new Map(), locations: new Map() }
}

const knowledgeOf = (core: AtlasCore): Knowledge => oncePer(core, createKnowledge)

/** The value of a key, made where there is none. */
function makeOnce<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
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
  const verdicts = makeOnce(knowledgeOf(core).ofTree, region, () => new Map())
  const unknown = candidates.filter((feature) => !verdicts.has(feature))
  if (unknown.length > 0) {
    const located = await withLocations(core, unknown, signal)
    const found = new Set<PreconfiguredFeature>()
    for (const part of drawnParts(core, region)) {
      const left = located.filter(({ feature }) => !found.has(feature))
      for (const feature of await locateInPart(core, part, left, signal)) found.add(feature)
    }
    // an image whose file is not there now may be there later
    for (const { feature } of located) verdicts.set(feature, found.has(feature))
    for (const feature of unknown) if (feature.kind !== 'image' && !verdicts.has(feature)) verdicts.set(feature, false)
  }
  return candidates.filter((feature) => verdicts.get(feature))
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
  return subtreeUpwards(region).flatMap((part): DrawnPart[] => {
    const own = new Set(maps.filter(({ indices }) => indices.has(part.name)).map(({ space }) => space))
    const spaces = core.spaces.all.filter((space) => own.has(space) && space.volumes.some(providesImage))
    return spaces.length > 0 ? [{ region: part, spaces }] : []
  })
}

async function locateInPart(
  core: AtlasCore,
  { region, spaces }: DrawnPart,
  located: readonly Located[],
  signal?: AbortSignal,
): Promise<PreconfiguredFeature[]> {
  const verdicts = makeOnce(knowledgeOf(core).ofPart, region, () => new Map())
  const unknown = located.filter(({ feature }) => !verdicts.has(feature))
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
      verdicts.set(feature, Boolean(mask && location && isInside(location, mask)))
    })
  }
  return located.flatMap(({ feature }) => (verdicts.get(feature) ? [feature] : []))
}

function bySpace(located: readonly Located[]): Map<Space, Located[]> {
  const groups = new Map<Space, Located[]>()
  for (const one of located) makeOnce(groups, one.location.space, () => []).push(one)
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
  const locations = makeOnce(knowledgeOf(core).locations, target, () => new Map())
  const missing = located.filter(({ feature, location }) => location.space !== target && !locations.has(feature))
  const [first] = missing
  if (first) {
    const points = missing.flatMap(({ location }) => pointsOf(location))
    const moved = await warpPoints(points, first.location.space.id, target.id, core.retrieval, signal)
    let at = 0
    for (const one of missing) {
      const count = pointsOf(one.location).length
      locations.set(one.feature, withPoints(one.location, target, moved.slice(at, at + count)))
      at += count
    }
  }
  return located.map(({ feature, location }) =>
    location.space === target ? location : (locations.get(feature) ?? null),
  )
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
