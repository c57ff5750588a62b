import type { AtlasMap } from '../api/types.ts'
import type { VertexLabels } from './gifti-labels.ts'
import { type NiftiVolume, voxelAt } from './nifti.ts'

/** A labelled map in which each voxel has the number of its region, whatever labels the file has. */
export interface RegionVolume {
  /** Name of region n at n - 1. */
  names: string[]
  /** The number of each voxel, 0 where no region is drawn. */
  numbers: Uint16Array
  volume: NiftiVolume
  /** The region at a place in mm; undefined where none is drawn. */
  at(pointMm: readonly number[]): string | undefined
}

/** The same for a surface: the number of its region at each vertex. */
export interface RegionSurface {
  names: string[]
  numbers: Float32Array
}

/**
 * Numbers the regions of a labelled map as the service sends it: one image, in which both sides may share a label (fragments of the map), or the
 * regions are numbered in their order (maps of several volumes).
 */
export function numberRegions(map: AtlasMap, volume: NiftiVolume): RegionVolume {
  const names = Object.keys(map.indices)
  const numbersOf = labelNumbers(map, names)
  const voxels = new Uint16Array(volume.voxels.length)
  const [nx] = volume.shape
  for (let at = 0; at < voxels.length; at++) {
    const label = volume.voxels[at]!
    if (label === 0) continue
    const numbers = numbersOf.get(label)
    if (!numbers) continue
    voxels[at] = numbers.length === 1 ? numbers[0]! : onSide(numbers, names, isLeftOf(volume, at % nx, at))
  }
  return {
    names,
    numbers: voxels,
    volume,
    at(pointMm) {
      const at = voxelAt(volume, pointMm)
      return at < 0 ? undefined : names[voxels[at]! - 1]
    },
  }
}

/** Numbers the regions of a surface by the names that its file has. */
export function numberVertices({ labels, names }: VertexLabels): RegionSurface {
  const known = [...names].filter(([label]) => label !== 0)
  const numberOf = new Map(known.map(([label], at) => [label, at + 1]))
  return {
    names: known.map(([, name]) => name),
    numbers: Float32Array.from(labels, (label) => numberOf.get(label) ?? 0),
  }
}

/** Numbers of the regions that each label stands for. */
function labelNumbers(map: AtlasMap, names: readonly string[]): Map<number, number[]> {
  const numbers = new Map<number, number[]>()
  const volumes = new Set(names.flatMap((name) => map.indices[name]!.map(({ volume }) => volume)))
  names.forEach((name, at) => {
    for (const { label } of map.indices[name]!) {
      const used = volumes.size > 1 ? at + 1 : label
      if (used === null) continue
      const known = numbers.get(used) ?? []
      if (!known.includes(at + 1)) numbers.set(used, [...known, at + 1])
    }
  })
  return numbers
}

/** x below 0 is left in all of the spaces. */
function isLeftOf({ shape, affine }: NiftiVolume, i: number, at: number): boolean {
  const row = Math.floor(at / shape[0])
  return affine[0]! * i + affine[1]! * (row % shape[1]) + affine[2]! * Math.floor(row / shape[1]) + affine[3]! < 0
}

function onSide(numbers: readonly number[], names: readonly string[], isLeft: boolean): number {
  const side = isLeft ? 'left' : 'right'
  return numbers.find((number) => names[number - 1]!.toLowerCase().includes(side)) ?? numbers[0]!
}
