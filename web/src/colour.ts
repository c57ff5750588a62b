export type Rgb = [number, number, number]

/** `#rrggbb` as numbers; a colour by the number where there is none. */
export function parseColour(text: string | null | undefined, number: number): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(text ?? '')?.[1]
  if (digits) return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb
  const hue = (number * 137.5) % 360
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (0.55 - 0.3 * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

/** Viridis: even steps look even, in grey and to those who see fewer colours as well. */
const ONE_SIDED = [
  '#440154',
  '#482878',
  '#3e4a89',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
]
/** Blue, grey, red, for values on both sides of 0. */
const TWO_SIDED = ['#2166ac', '#4393c3', '#92c5de', '#e0e0e0', '#f4a582', '#d6604d', '#b2182b']
/** Inferno, as the viewer draws images with. */
const IMAGE = ['#000004', '#320a5e', '#781c6d', '#bc3754', '#ed6925', '#fbb61a', '#fcffa4']

export interface Scale {
  min: number
  max: number
  stops: readonly string[]
}

/** The colours of some values: from the least to the largest, or around 0 where there are both signs. */
export function scaleOf(values: Iterable<number>): Scale {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values) {
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  if (min < 0 && max > 0) {
    const bound = Math.max(-min, max)
    return { min: -bound, max: bound, stops: TWO_SIDED }
  }
  return { min, max, stops: ONE_SIDED }
}

export const imageScale = (min: number, max: number): Scale => ({ min, max, stops: IMAGE })

/** The colour of a value, between the stops. */
export function colourOn({ min, max, stops }: Scale, value: number): Rgb {
  const share = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0.5
  const at = Math.min(stops.length - 2, Math.floor(share * (stops.length - 1)))
  const [below, above] = [parseColour(stops[at], 0), parseColour(stops[at + 1], 0)]
  const part = share * (stops.length - 1) - at
  return below.map((value, channel) => Math.round(value + ((above[channel] ?? 0) - value) * part)) as Rgb
}
