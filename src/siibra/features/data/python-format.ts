/** Texts as Python writes them: ids, names and CSV files of the original are made of them. */

/** `repr(float)`: the shortest digits that give the number back, `.0` where integral, `e-05` from 1e-4 down and from 1e16 up. */
export function formatPythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e16 || size < 1e-4) {
    const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
    const power = Number(exponent)
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  }
  const text = String(value)
  if (text.includes('e')) return BigInt(value).toString().concat('.0')
  return text.includes('.') ? text : `${text}.0`
}

/** The shortest digits that give the float32 number back, written as Python writes floats. */
export function formatPythonFloat32(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatPythonFloat(value)
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(value.toPrecision(digits))
    if (Math.fround(candidate) === value) return formatPythonFloat(candidate)
  }
  return formatPythonFloat(value)
}

/** `f"{value:.2f}"`: a number half-way between two hundredths goes to the even one, where JavaScript goes up. */
export function formatPythonFixed2(value: number): string {
  if (Object.is(value, -0)) return '-0.00'
  const hundredths = value * 100
  const isHalfWay = Number.isInteger(value * 8) && !Number.isInteger(hundredths) && Number.isInteger(hundredths * 2)
  const below = Math.trunc(hundredths)
  return (isHalfWay && below % 2 === 0 ? below / 100 : value).toFixed(2)
}
