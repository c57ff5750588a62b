/** Where an axis of an array leads in the body. */
export interface Direction {
  /** Of RAS. */
  axis: 0 | 1 | 2
  sign: 1 | -1
}

/** As OME-Zarr's RFC 4 names them (BrainGlobe writes them). */
export const NAMED_DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ['left-to-right', { axis: 0, sign: 1 }],
  ['right-to-left', { axis: 0, sign: -1 }],
  ['posterior-to-anterior', { axis: 1, sign: 1 }],
  ['anterior-to-posterior', { axis: 1, sign: -1 }],
  ['inferior-to-superior', { axis: 2, sign: 1 }],
  ['superior-to-inferior', { axis: 2, sign: -1 }],
])

/** Axes without orientation lead to where their names grow in RAS. */
export const directionOfName = (name: string): Direction | undefined => {
  const axis = ['x', 'y', 'z'].indexOf(name.toLowerCase())
  return axis < 0 ? undefined : { axis: axis as 0 | 1 | 2, sign: 1 }
}
