import type { Space, Volume } from '../core/types.ts'
import { MESH_FORMATS } from '../core/volume-formats.ts'
import { SiibraError } from '../errors.ts'
import type { AtlasVolumes } from '../maps/atlas-volumes.ts'
import { fetchTemplateCutout } from '../maps/templates/template-cutout.ts'
import type { Image, Mesh } from '../volumes/image.ts'
import { fetchMesh } from '../volumes/read-mesh.ts'
import { meshOfImage } from './mask-mesh.ts'
import type { RegionMeshOptions } from './region-mesh.ts'

/** Voxels of a template of which a surface is made: of a pyramid, the scale with about so many. */
const MAX_VOXELS = 4 * 1024 ** 2

/**
 * The surface of a space, mm: a mesh that it provides (of a space of surfaces the named variant), else the closed surface of its template, where
 * that is above Otsu's threshold. NOT_AVAILABLE for a space without a template, INVALID_PARAMETER for a variant that there is not.
 */
export async function fetchTemplateMesh(
  core: AtlasVolumes,
  space: Space,
  { variant, fragment, signal }: Omit<RegionMeshOptions, 'extent'> = {},
): Promise<Mesh> {
  const volumes = space.volumes.filter(({ providers }) => MESH_FORMATS.some((format) => providers[format]))
  if (volumes.length > 0) return fetchMesh(core.retrieval, variantOf(space, volumes, variant), { fragment, signal })
  if (variant !== undefined || fragment !== undefined) {
    const parameter = variant === undefined ? 'fragment' : 'variant'
    throw new SiibraError('INVALID_PARAMETER', `${parameter}: '${space.name}' has no surfaces to choose from`, {
      parameter,
    })
  }
  const image = await fetchTemplateCutout(core, space, { maxVoxels: MAX_VOXELS, signal })
  return meshOfImage(image, { level: otsuThreshold(image) })
}

function variantOf(space: Space, volumes: readonly Volume[], variant = ''): Volume {
  const found = volumes.find((volume) => (volume.variant ?? '').toLowerCase().includes(variant.toLowerCase()))
  if (found) return found
  const allowed = volumes.flatMap((volume) => (volume.variant ? [volume.variant] : []))
  const which = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'it has a single one without a name'
  throw new SiibraError('INVALID_PARAMETER', `variant: '${space.name}' has no surface '${variant}', ${which}`, {
    parameter: 'variant',
    allowed,
  })
}

const BINS = 256

/** The value that parts the values of an image best into two groups (Otsu 1979), by a histogram of 256 bins, as skimage's `threshold_otsu`. */
export function otsuThreshold({ data }: Image): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(high > low && Number.isFinite(high - low))) return low
  const counts = new Float64Array(BINS)
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (!Number.isNaN(value)) counts[Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS))]!++
  }
  const centre = (bin: number) => low + ((bin + 0.5) * (high - low)) / BINS
  let [total, sum] = [0, 0]
  counts.forEach((count, bin) => {
    total += count
    sum += count * centre(bin)
  })
  let [below, sumBelow, best, threshold] = [0, 0, -1, low]
  // the least value is in the first bin, the largest in the last: neither group is ever empty
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin]!
    sumBelow += counts[bin]! * centre(bin)
    const above = total - below
    const variance = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2
    if (variance <= best) continue
    best = variance
    threshold = centre(bin)
  }
  return threshold
}
