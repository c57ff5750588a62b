import { descendants } from '../core/tree.ts'
import type { Parcellation, Region } from '../core/types.ts'
import type { LabelRuns } from '../maps/labels/label-runs.ts'

/** Values of regions and of all their parts: a part has the value of the nearest region above it that has one, unless it has one itself. */
export function inheritValues(
  parcellation: Parcellation,
  givenValue: (region: Region) => number | undefined,
): Map<Region, number> {
  const values = new Map<Region, number>()
  for (const region of [parcellation, ...descendants(parcellation)]) {
    const value = givenValue(region) ?? (region.parent ? values.get(region.parent) : undefined)
    if (value !== undefined) values.set(region, value)
  }
  return values
}

/**
 * The voxels of a labelled image as values (numpy's look-up of a table by labels): labels without a value get `missing`, the background 0.
 * @param sizeVox How many voxels the image has.
 */
export function colorizeLabels(
  { startVox, lengthVox, label }: LabelRuns,
  sizeVox: number,
  valueOfLabel: (label: number) => number | undefined,
  missing = 0,
): Float32Array {
  const voxels = new Float32Array(sizeVox)
  const known = new Map<number, number>()
  for (let run = 0; run < startVox.length; run++) {
    const here = label[run]!
    let value = known.get(here)
    if (value === undefined) {
      value = valueOfLabel(here) ?? missing
      known.set(here, value)
    }
    voxels.fill(value, startVox[run]!, startVox[run]! + lengthVox[run]!)
  }
  return voxels
}
