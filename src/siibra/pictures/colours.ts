/** Red, green, blue from 0 to 255. */
export type Rgb = readonly [number, number, number]

/** `#rrggbb` or `#rgb`, with or without the sign; undefined for anything else. */
export function parseHexColour(text: string): Rgb | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]
  if (!digits) return undefined
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? [])
  const [red = 0, green = 0, blue = 0] = pairs.map((pair) => Number.parseInt(pair, 16))
  return [red, green, blue]
}

/** A colour for a region that has none, always the same for the same number: hues a golden angle apart. */
export function colourOfNumber(number: number): Rgb {
  return fromHue((number * 137.50776) % 360, 0.65, 0.55)
}

function fromHue(hue: number, saturation: number, lightness: number): Rgb {
  const spread = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

/** Colours from dark to bright that keep their order in grey and for the colour-blind, at equal distances. */
const RAMP: readonly Rgb[] = [
  [20, 11, 53],
  [66, 10, 104],
  [120, 28, 109],
  [174, 47, 93],
  [221, 81, 58],
  [246, 130, 14],
  [251, 190, 35],
  [252, 250, 160],
]

/** The colour of a value between `low` and `high` (values beyond take the last one). */
export function colourOfValue(value: number, low: number, high: number): Rgb {
  const share = high > low ? Math.min(Math.max((value - low) / (high - low), 0), 1) : 1
  const place = share * (RAMP.length - 1)
  const lower = Math.min(Math.floor(place), RAMP.length - 2)
  const [a, b] = [RAMP[lower]!, RAMP[lower + 1]!]
  const mix = (channel: 0 | 1 | 2) => Math.round(a[channel] + (b[channel] - a[channel]) * (place - lower))
  return [mix(0), mix(1), mix(2)]
}
