import type { ParcellationMap, Volume } from '../../core/types.ts'
import type { SiibraError } from '../../errors.ts'
import { invertAffine } from '../../volumes/affine.ts'
import type { Affine, Image } from '../../volumes/image.ts'
import type { AtlasVolumes } from '../atlas-volumes.ts'
import { fileFailure } from '../gaps.ts'
import { nearestVoxel, voxelIndex } from '../grids/grid.ts'
import { fetchLabelImage, type LabelImage } from '../labels/label-image.ts'
import { labelAt } from '../labels/label-runs.ts'
import { assignBlobToLabels, assignBlobToValues } from './assign-blob.ts'
import { type Assignment, type AssignOptions, exactRow, gapOf, nameRegions, regionNamesOf } from './assignment.ts'
import { type GaussianKernel, kernelAround, type UncertainPoint } from './gaussian.ts'

/** One image of a map, and what stands for it in an index. */
interface Source {
  volume: number
  fragment: string | null
  image: { labels: LabelImage } | { values: Image }
}

/** Assignment to a labelled map, or to a statistical map of which there is no sparse index: image by image. */
export async function assignToImages(
  core: AtlasVolumes,
  map: ParcellationMap,
  input: UncertainPoint,
  { signal, gaps = [], onExact }: AssignOptions = {},
): Promise<Assignment[]> {
  const rows: Assignment[] = []
  let kernel: GaussianKernel | undefined
  let home: Affine | undefined
  let failure: SiibraError | undefined
  for (const fragment of fragmentsOf(map)) {
    for (const [number, volume] of map.volumes.entries()) {
      const image = await fetchSource(core, map, volume, fragment, signal).catch((thrown: unknown) => {
        const error = map.mapType === 'STATISTICAL' && !signal?.aborted ? fileFailure(thrown) : undefined
        if (!error) throw thrown
        failure ??= error
        gaps.push(gapOf(map, { volume: number, error }, fragment))
        return undefined
      })
      if (!image) continue
      const source = { volume: number, fragment, image }
      if (!home) {
        home = gridOf(image).voxelToWorldMm
        kernel = kernelAround(input, home, onExact)
      }
      rows.push(...(kernel ? assignUncertain(map, source, input, kernel, home) : assignExact(map, source, input)))
    }
  }
  if (failure && !home) throw failure
  return rows
}

/** All fragments that the indices name; null where they name none. */
export function fragmentsOf({ indices }: ParcellationMap): Set<string | null> {
  const fragments = new Set([...indices.values()].flat().map(({ fragment }) => fragment))
  if (fragments.size > 1) fragments.delete(null)
  return fragments
}

async function fetchSource(
  core: AtlasVolumes,
  map: ParcellationMap,
  volume: Volume,
  fragment: string | null,
  signal?: AbortSignal,
): Promise<Source['image']> {
  return map.mapType === 'LABELLED'
    ? { labels: await fetchLabelImage(core, volume, fragment, signal) }
    : { values: await core.volumes.fetchImage(volume, { fragment, signal }) }
}

const gridOf = (image: Source['image']) => ('labels' in image ? image.labels : image.values)

function assignExact(
  map: ParcellationMap,
  { image, volume, fragment }: Source,
  { pointMm }: UncertainPoint,
): Assignment[] {
  const { shape, voxelToWorldMm } = gridOf(image)
  const at = voxelIndex(nearestVoxel(invertAffine(voxelToWorldMm), pointMm), shape)
  if (at < 0) return []
  const mapValue = 'labels' in image ? labelAt(image.labels.runs, at) : image.values.data[at]!
  if (!(mapValue > 0)) return []
  const label = 'labels' in image ? mapValue : null
  const regions = nameRegions(regionNamesOf(map)({ volume, label, fragment }))
  return regions.map((region) => exactRow(pointMm, { volume, fragment, region, mapValue }))
}

function assignUncertain(
  map: ParcellationMap,
  { image, volume, fragment }: Source,
  { pointMm }: UncertainPoint,
  kernel: GaussianKernel,
  home: Affine,
): Assignment[] {
  const placed = { kernel, home, centreVox: nearestVoxel(invertAffine(home), pointMm) }
  const scores =
    'labels' in image
      ? assignBlobToLabels(image.labels, placed, labelsOf(map, volume))
      : assignBlobToValues(image.values, placed)
  return scores.flatMap((found) =>
    nameRegions(regionNamesOf(map)({ volume, label: found.mapValue, fragment })).map((region) => ({
      inputStructure: 0,
      centroidMm: [pointMm[0], pointMm[1], pointMm[2]],
      volume,
      fragment,
      region,
      mapValue: found.mapValue,
      correlation: found.correlation,
      intersectionOverUnion: found.intersectionOverUnion,
      // Sic: siibra compares the input with the map here, so that its columns of the two change places.
      mapWeightedMean: found.weightedMeanOfFirst,
      mapContainedness: found.intersectionOverFirst,
      inputWeightedMean: found.weightedMeanOfSecond,
      inputContainedness: found.intersectionOverSecond,
    })),
  )
}

function labelsOf({ indices }: ParcellationMap, volume: number): Set<number> {
  const labels = new Set<number>()
  for (const index of [...indices.values()].flat()) {
    if (index.volume === volume && index.label !== null) labels.add(index.label)
  }
  return labels
}
