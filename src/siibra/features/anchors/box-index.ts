/** A spatial index of boxes in one space: which of them a box meets is a look-up. */
import RBush from 'rbush'
import { type BoxLocation, boxesOverlap } from '../location.ts'

type Box = Pick<BoxLocation, 'minMm' | 'maxMm'>

export interface Place<T> extends Box {
  item: T
}

const inPlane = ({ minMm, maxMm }: Box) => ({ minX: minMm[0], minY: minMm[1], maxX: maxMm[0], maxY: maxMm[1] })

class PlaneTree<T> extends RBush<Place<T>> {
  override toBBox = inPlane
  override compareMinX = (a: Box, b: Box) => a.minMm[0] - b.minMm[0]
  override compareMinY = (a: Box, b: Box) => a.minMm[1] - b.minMm[1]
}

/** Finds, in no order, the items whose boxes have a common volume with a box. */
export type FindInBox<T> = (box: Box) => T[]

/** x and y are searched in the tree, z is compared with what is found there. */
export function createBoxIndex<T>(places: readonly Place<T>[]): FindInBox<T> {
  const tree = new PlaneTree<T>().load(places)
  return (box) =>
    tree
      .search(inPlane(box))
      .filter((place) => boxesOverlap(place, box))
      .map(({ item }) => item)
}
