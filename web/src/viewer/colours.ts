import { colourOn, parseColour } from '../colour.ts'
import { namesWithin, pathTo } from '../regions/tree.ts'
import { tree } from '../regions/tree-view.tsx'
import { address } from '../state/address.ts'
import { regionValues } from '../state/shown.ts'
import type { RegionColour } from './colour-table.ts'

/** How strongly regions cover the template, where none is chosen. */
const OPACITY = 0.72
/** Regions beside the one that is chosen. */
const DIMMED = 0.14
/** Regions whose colours stand for values, whatever is chosen. */
const VALUED = 0.9
/** Regions below a map of probabilities. */
const BELOW_IMAGE = 0.1

/** The colour of a region in its parcellation; one by its number where it has none. */
export const colourOf = (name: string, number: number) => parseColour(tree.value.byName.get(name)?.colour, number)

/** Colours of the regions as the configuration has them, or of their values; where one is chosen the others step back. */
export function coloursOf(names: readonly string[], isBelowImage: boolean): RegionColour[] {
  const chosen = address.region.value ? tree.value.byName.get(address.region.value) : undefined
  const within = chosen && namesWithin(chosen)
  const valued = regionValues.value
  return names.map((name, at) => {
    const opacity = isBelowImage ? BELOW_IMAGE : !within ? OPACITY : within.has(name) ? 0.95 : DIMMED
    if (!valued) return { rgb: colourOf(name, at), opacity }
    const node = tree.value.byName.get(name)
    const value = (node ? pathTo(node).map(({ region }) => region.name) : [name])
      .map((one) => valued.values.get(one))
      .findLast((one) => one !== undefined)
    return value === undefined
      ? { rgb: [128, 128, 128], opacity: 0.08 }
      : { rgb: colourOn(valued.scale, value), opacity: VALUED }
  })
}
