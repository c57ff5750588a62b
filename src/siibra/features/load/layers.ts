/** Layers of the isocortex from the pial surface (0) to the white matter (7). */
export const LAYER_NAMES = ['0', 'I', 'II', 'III', 'IV', 'V', 'VI', 'WM'] as const

/** The seven boundaries between them, by the names that answers use. */
export const BOUNDARY_NAMES = ['0-1', '1-2', '2-3', '3-4', '4-5', '5-6', '6-7'] as const
