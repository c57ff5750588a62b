import type { ParcellationMap } from '../core/types.ts'
import { SiibraError } from '../errors.ts'
import type { Point } from '../locations/point.ts'
import { warpPoints } from '../locations/warp.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { invertAffine, type Triple } from '../volumes/affine.ts'
import type { Image } from '../volumes/image.ts'
import { assignBlobToLabels, assignBlobToValues } from './assign-blob.ts'
import { assignBlobSparsely } from './assign-sparse.ts'
import { type Assignment, regionNamesOf, WITHOUT_SCORES } from './assignment.ts'
import type { AtlasVolumes } from './atlas-volumes.ts'
import { createGaussianKernel, type GaussianKernel } from './gaussian.ts'
import { gridOf, meanVoxelSizeMm, nearestVoxel, voxelIndex } from './grid.ts'
import { loadSparseIndex, type SparseIndex } from './sparse-index.ts'

/** An uncertainty of fewer voxels than this counts as none. */
const EXACT_BELOW_VOX = 3
/** A wider Gaussian is refused: its cube alone would take gigabytes. */
const MAX_RADIUS_VOX = 250

/**
 * The regions of a map that a point belongs to (siibra's Map.assign): exactly, by the value at its voxel; with an
 * uncertainty of at least three voxels, by comparing the Gaussian around it with each map. A point outside gives no rows.
 */
export async function assignPoint(
  core: AtlasVolumes & { retrieval: Retrieval },
  map: ParcellationMap,
  point: Point,
  signal?: AbortSignal,
): Promise<Assignment[]> {
  const [coordinateMm] = await warpPoints([point.coordinateMm], point.spaceId, map.space.id, core.retrieval, signal)
  if (!coordinateMm) return []
  return map.isSparse
    ? assignSparsely(map, await loadSparseIndex(core, map, signal), coordinateMm, point.sigmaMm)
    : assignToImages(core, map, coordinateMm, point.sigmaMm, signal)
}

/** Assignment in a statistical map of which there is an index. */
export function assignSparsely(
  map: ParcellationMap,
  index: SparseIndex,
  pointMm: Triple,
  sigmaMm: number,
): Assignment[] {
  const kernel = kernelOf(sigmaMm, index)
  const namesOf = regionNamesOf(map)
  const voxel = nearestVoxel(invertAffine(index.voxelToWorldMm), pointMm)
  if (kernel) return assignBlobSparsely(index, kernel, voxel, [...pointMm], namesOf)
  const at = voxelIndex(voxel, index.shape)
  if (at < 0) return []
  const rows: Assignment[] = []
  for (let entry = index.start[at]!; entry < index.start[at + 1]!; entry++) {
    const volume = index.volume[entry]!
    for (const region of named(namesOf({ volume, label: null, fragment: null }))) {
      rows.push({ ...exact(pointMm), volume, fragment: null, region, mapValue: index.value[entry]! })
    }
  }
  return rows
}

async function assignToImages(
  core: AtlasVolumes,
  map: ParcellationMap,
  pointMm: Triple,
  sigmaMm: number,
  signal?: AbortSignal,
): Promise<Assignment[]> {
  const fragments = new Set([...map.indices.values()].flat().map(({ fragment }) => fragment))
  if (fragments.size > 1) fragments.delete(null)
  const rows: Assignment[] = []
  let kernel: { shape: GaussianKernel; home: Image } | null | undefined
  for (const fragment of fragments) {
    for (const [volume, source] of map.volumes.entries()) {
      const image = await core.volumes.fetchImage(source, { fragment, signal })
      if (kernel === undefined) {
        const shape = kernelOf(sigmaMm, image)
        kernel = shape ? { shape, home: image } : null
      }
      rows.push(
        ...(kernel
          ? assignBlob(map, image, { ...kernel, pointMm }, volume, fragment)
          : assignExactly(map, image, pointMm, volume, fragment)),
      )
    }
  }
  return rows
}

function assignExactly(
  map: ParcellationMap,
  image: Image,
  pointMm: Triple,
  volume: number,
  fragment: string | null,
): Assignment[] {
  const at = voxelIndex(nearestVoxel(invertAffine(image.voxelToWorldMm), pointMm), image.shape)
  const mapValue = at < 0 ? 0 : image.data[at]!
  if (!(mapValue > 0)) return []
  const label = map.mapType === 'LABELLED' ? mapValue : null
  const regions = named(regionNamesOf(map)({ volume, label, fragment }))
  return regions.map((region) => ({ ...exact(pointMm), volume, fragment, region, mapValue }))
}

function assignBlob(
  map: ParcellationMap,
  image: Image,
  input: { shape: GaussianKernel; home: Image; pointMm: Triple },
  volume: number,
  fragment: string | null,
): Assignment[] {
  const home = input.home.voxelToWorldMm
  const centreVox = nearestVoxel(invertAffine(home), input.pointMm)
  const at = { kernel: input.shape, home, centreVox, grid: gridOf(image) }
  const indices = [...map.indices.values()].flat().filter((index) => index.volume === volume)
  const namesOf = regionNamesOf(map)
  const found =
    map.mapType === 'LABELLED'
      ? assignBlobToLabels(image, at, new Set(indices.map(({ label }) => label!)))
      : assignBlobToValues(image, at)
  return found.flatMap(({ mapValue, ...scores }) =>
    named(namesOf({ volume, label: mapValue, fragment })).map((region) => ({
      inputStructure: 0,
      centroidMm: [input.pointMm[0], input.pointMm[1], input.pointMm[2]],
      volume,
      fragment,
      region,
      mapValue,
      correlation: scores.correlation,
      intersectionOverUnion: scores.intersectionOverUnion,
      mapWeightedMean: scores.weightedMeanOfFirst,
      mapContainedness: scores.intersectionOverFirst,
      inputWeightedMean: scores.weightedMeanOfSecond,
      inputContainedness: scores.intersectionOverSecond,
    })),
  )
}

function kernelOf(sigmaMm: number, { voxelToWorldMm }: Pick<Image, 'voxelToWorldMm'>): GaussianKernel | undefined {
  const sigmaVox = sigmaMm / meanVoxelSizeMm(voxelToWorldMm)
  if (sigmaVox < EXACT_BELOW_VOX) return undefined
  const kernel = sigmaVox * 3 < MAX_RADIUS_VOX ? createGaussianKernel(sigmaVox) : undefined
  if (kernel) return kernel
  const most = Math.floor((MAX_RADIUS_VOX / 3) * meanVoxelSizeMm(voxelToWorldMm))
  throw new SiibraError(
    'INVALID_PARAMETER',
    `sigma_mm ${sigmaMm} is too large for the voxels of this map: ${most} at most`,
    {
      parameter: 'sigma_mm',
      allowed: `0 to ${most}`,
    },
  )
}

const exact = (pointMm: Triple) => ({
  inputStructure: 0,
  centroidMm: [
    roundHundredths(pointMm[0]),
    roundHundredths(pointMm[1]),
    roundHundredths(pointMm[2]),
  ] as Assignment['centroidMm'],
  ...WITHOUT_SCORES,
})

/** As numpy rounds: ties to the even neighbour. */
function roundHundredths(value: number): number {
  const scaled = value * 100
  const floor = Math.floor(scaled)
  const rest = scaled - floor
  const rounded = rest === 0.5 ? (floor % 2 === 0 ? floor : floor + 1) : Math.round(scaled)
  return rounded / 100
}

const named = (names: string[]): (string | null)[] => (names.length === 0 ? [null] : names)
