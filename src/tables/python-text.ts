/** Values as Python writes them, since pandas' `to_csv` does. */

/** `repr` of a float: the shortest digits that give it back, as JavaScript's, but `3.0`, `1e-05`, `1e+16`, `inf`. */
export function pythonFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return Object.is(value, -0) ? '-0.0' : `${value}.0`
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  if (Number.isNaN(value)) return 'nan'
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e16) return String(value)
  const [digits, exponent = ''] = value.toExponential().split('e')
  const sign = exponent.startsWith('-') ? '-' : '+'
  return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`
}

/** A tuple of floats. */
export const pythonTuple = (values: ArrayLike<number>): string => `(${Array.from(values, pythonFloat).join(', ')})`
