/** Units of length that OME-Zarr names (those of UDUNITS-2), and their signs; mm. */
const METRES: Readonly<Record<string, number>> = {
  angstrom: 1e-10,
  nanometer: 1e-9,
  micrometer: 1e-6,
  millimeter: 1e-3,
  centimeter: 1e-2,
  meter: 1,
  nm: 1e-9,
  um: 1e-6,
  µm: 1e-6,
  μm: 1e-6,
  micron: 1e-6,
  mm: 1e-3,
  cm: 1e-2,
  m: 1,
}

// rounded, so that 1e-3 m is 1 mm to the last bit
export const MM_BY_UNIT: ReadonlyMap<string, number> = new Map(
  Object.entries(METRES).map(([unit, metres]) => [unit, Number((metres * 1e3).toPrecision(12))]),
)
