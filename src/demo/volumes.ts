import { gzipSync } from 'node:zlib'
import type { Image, Mesh } from '../siibra/index.ts'
import { encodeNifti } from '../siibra/index.ts'
import { AREAS, areaAt, centreOf, RADII_MM, radiusAt, requireArea, SIDES, type Side, sideAt } from './anatomy.ts'
import { meshSource, precomputedMeshes, precomputedVolume } from './encoders/precomputed.ts'
import { BURROW_GRID, type Grid, MEAN_GRID, MICROSCOPIC_GRID, sampleImage } from './grid.ts'
import { RIGHT_LABEL_OFFSET, STATISTICAL_REGIONS } from './maps.ts'
import { firstVersionAreas, SHELLS } from './parcellations.ts'
import { type DemoPart, onDemoHost } from './part.ts'
import { unitSphere } from './sphere.ts'

const BURROW_RADII_MM = [5, 8, 4] as const

/** Templates and maps as voxels. */
export const volumes: DemoPart = {
  files: {},
  objects: onDemoHost({
    'templates/mean.nii.gz': () => niftiGz(meanTemplate(MEAN_GRID)),
    'templates/inverted.nii.gz': () =>
      niftiGz(sampleImage(MEAN_GRID, 'uint8', (x, y, z) => (isInside(x, y, z) ? 255 - intensityAt(x, y, z) : 0))),
    'templates/burrow.nii.gz': () =>
      niftiGz(sampleImage(BURROW_GRID, 'uint8', (x, y, z) => (burrowRadius(x, y, z) > 1 ? 0 : 90 + 12 * Math.cos(y)))),
    ...precomputed('templates/mean', 'image', MEAN_GRID, () => meanTemplate(MEAN_GRID)),
    ...precomputed('templates/microscopic', 'image', MICROSCOPIC_GRID, () => meanTemplate(MICROSCOPIC_GRID)),
    ...meshSource('templates/hull', MEAN_GRID.originMm),
    ...precomputedMeshes('templates/hull', MEAN_GRID.originMm, { 1: () => ellipsoid([0, 0, 0], RADII_MM, 3) }),

    ...Object.fromEntries(
      SIDES.map((side) => [`maps/harbour2-${side}.nii.gz`, () => niftiGz(hemisphereLabels(MEAN_GRID, side))]),
    ),
    ...Object.assign(
      {},
      ...SIDES.map((side) =>
        precomputed(`maps/harbour2-${side}`, 'segmentation', MEAN_GRID, () => hemisphereLabels(MEAN_GRID, side)),
      ),
    ),
    'maps/harbour1.nii.gz': () => niftiGz(firstVersionLabels()),
    'maps/shells.nii.gz': () => niftiGz(sampleImage(MEAN_GRID, 'uint8', shellAt)),
    'maps/burrow.nii.gz': () => niftiGz(sampleImage(BURROW_GRID, 'uint8', burrowAreaAt)),
    ...precomputed('maps/microscopic-harbour2', 'segmentation', MICROSCOPIC_GRID, microscopicLabels),
    ...precomputedMeshes('maps/microscopic-harbour2', MICROSCOPIC_GRID.originMm, areaMeshes()),
    ...Object.fromEntries(
      STATISTICAL_REGIONS.map(({ index, side }) => [
        `maps/harbour2-area${index + 1}-${side}.nii.gz`,
        () => niftiGz(probabilityMap(index, side)),
      ]),
    ),
  }),
}

/** The label of an area in maps that hold both sides. */
export function labelOf(index: number, side: Side): number {
  return index + 1 + (side === 'right' ? RIGHT_LABEL_OFFSET : 0)
}

/** A plausible grey value (0..255) inside the ellipsoid: bright mantle with ripples, dark core. */
function intensityAt(x: number, y: number, z: number): number {
  const radius = radiusAt(x, y, z)
  const ripple = 22 * Math.cos(x / 7) * Math.cos(y / 9) * Math.cos(z / 8)
  return Math.round(Math.max(1, Math.min(250, 70 + 130 * radius ** 2 + ripple)))
}

function meanTemplate(grid: Grid): Image {
  return sampleImage(grid, 'uint8', (x, y, z) => (isInside(x, y, z) ? intensityAt(x, y, z) : 0))
}

function isInside(x: number, y: number, z: number): boolean {
  return radiusAt(x, y, z) <= 1
}

function hemisphereLabels(grid: Grid, side: Side): Image {
  return sampleImage(grid, 'uint8', (x, y, z) => (sideAt(x) === side ? areaAt(x, y, z) + 1 : 0))
}

function microscopicLabels(): Image {
  return sampleImage(MICROSCOPIC_GRID, 'uint8', (x, y, z) => {
    const index = areaAt(x, y, z)
    return index < 0 ? 0 : labelOf(index, sideAt(x))
  })
}

function firstVersionLabels(): Image {
  const names = firstVersionAreas().map(({ name }) => name)
  return sampleImage(MEAN_GRID, 'uint8', (x, y, z) => {
    const index = areaAt(x, y, z)
    return index < 0 ? 0 : labelOf(names.indexOf(requireArea(index).nameInFirstVersion), sideAt(x))
  })
}

function shellAt(x: number, y: number, z: number): number {
  if (!isInside(x, y, z)) return 0
  return SHELLS.find(({ fromRadius }) => radiusAt(x, y, z) >= fromRadius)?.label ?? 0
}

/** A Gaussian around the area's centre, cut off at 0.05, so that most voxels are 0. */
function probabilityMap(index: number, side: Side): Image {
  const [cx, cy, cz] = centreOf(index, side)
  const sigmaMm = 13
  return sampleImage(MEAN_GRID, 'float32', (x, y, z) => {
    if (!isInside(x, y, z) || sideAt(x) !== side) return 0
    const probability = Math.exp(-((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) / (2 * sigmaMm ** 2))
    return probability < 0.05 ? 0 : probability
  })
}

function burrowRadius(x: number, y: number, z: number): number {
  return Math.hypot(x / BURROW_RADII_MM[0], y / BURROW_RADII_MM[1], z / BURROW_RADII_MM[2])
}

/** Three slabs along y. */
function burrowAreaAt(x: number, y: number, z: number): number {
  if (burrowRadius(x, y, z) > 1) return 0
  return y < -2.4 ? 1 : y < 2.4 ? 2 : 3
}

function areaMeshes(): Record<number, () => Mesh> {
  return Object.fromEntries(
    SIDES.flatMap((side) =>
      AREAS.map((_, index) => [labelOf(index, side), () => ellipsoid(centreOf(index, side), [14, 14, 12], 2)]),
    ),
  )
}

function ellipsoid(centre: readonly number[], radii: readonly number[], depth: number): Mesh {
  const { vertices, faces } = unitSphere(depth)
  return {
    vertices: Float32Array.from(vertices, (value, index) => centre[index % 3]! + value * radii[index % 3]!),
    faces: Uint32Array.from(faces),
  }
}

function precomputed(path: string, type: 'image' | 'segmentation', grid: Grid, make: () => Image) {
  return precomputedVolume(path, type, grid.shape, grid.voxelMm, grid.originMm, make)
}

function niftiGz(image: Image): Uint8Array {
  return gzipSync(encodeNifti(image))
}
