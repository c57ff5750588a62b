import type { AtlasMap } from '../api/types.ts'
import { type NiftiVolume, type PointMm, voxelAt } from './volume.ts'

/** The label of each vertex of a surface, and what the labels are called. */
export interface VertexLabels {
  labels: Int32Array
  names: Map<number, string>
}

/** A labelled map in which each voxel has the number of its region, whatever labels the file has. */
export interface RegionVolume {
  /** Name of region n at n - 1. */
  names: string[]
  /** The number of each voxel, 0 where no region is drawn. */
  numbers: Uint16Array
  volume: NiftiVolume
  /** The region at a place in mm; undefined where none is drawn. */
  at(pointMm: PointMm): string | undefined
}

/** The same for a surface: the number of its region at each vertex. */
export interface RegionSurface {
  names: string[]
  numbers: Float32Array
}

/** A file of a labelled map: one of its fragments, or all of it. */
export interface LabelFile {
  fragment: string | undefined
  volume: NiftiVolume
}

/** The fragments (hemispheres) that have to be asked for one by one, since regions share labels between them. */
export function fragmentsOf({ indices }: AtlasMap): (string | undefined)[] {
  const all = Object.values(indices).flat()
  const fragments = [...new Set(all.map(({ fragment }) => fragment ?? undefined))]
  const isOneVolume = new Set(all.map(({ volume }) => volume)).size === 1
  return isOneVolume && fragments.length > 1 && !fragments.includes(undefined) ? fragments : [undefined]
}

/** Numbers the regions of a labelled map as the service sends it; those of a map of several volumes are labelled in their order. */
export function numberRegions(map: AtlasMap, files: readonly [LabelFile, ...LabelFile[]]): RegionVolume {
  const names = Object.keys(map.indices)
  const [{ volume }] = files
  const numbers = new Uint16Array(volume.voxels.length)
  for (const file of files) {
    const numberOf = labelNumbers(map, file.fragment)
    for (let at = 0; at < numbers.length; at++) {
      const label = file.volume.voxels[at]
      const number = label ? numberOf.get(label) : undefined
      if (number !== undefined) numbers[at] = number
    }
  }
  return {
    names,
    numbers,
    volume,
    at(pointMm) {
      const number = numbers[voxelAt(volume, pointMm)]
      return number === undefined ? undefined : names[number - 1]
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

/** The region that each label stands for, in a fragment or in all of the map. */
function labelNumbers(map: AtlasMap, fragment: string | undefined): Map<number, number> {
  const isOneVolume = new Set(Object.values(map.indices).flatMap((all) => all.map(({ volume }) => volume))).size === 1
  const numbers = new Map<number, number>()
  Object.values(map.indices).forEach((indices, at) => {
    for (const index of indices) {
      const label = isOneVolume ? index.label : at + 1
      if (label === null || (fragment !== undefined && index.fragment !== fragment)) continue
      if (!numbers.has(label)) numbers.set(label, at + 1)
    }
  })
  return numbers
}
