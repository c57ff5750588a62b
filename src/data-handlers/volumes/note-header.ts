/** Says what of a request did not count, percent-encoded. */
export const NOTE_HEADER = 'x-siibra-note'

/** That an uncertainty is smaller than what is told apart from none. */
export function exactNote(belowMm: number): string {
  return `sigma_mm below ${Number(belowMm.toPrecision(4))} (three voxels of this map) counts as 0`
}
