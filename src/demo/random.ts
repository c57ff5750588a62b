/** Numbers that look random, but are the same in every process: a generator (mulberry32) seeded by a text. */
export function createRandom(seed: string): () => number {
  let state = 0x9e3779b9
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 0x85ebca6b) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** As text with so many decimals, in the way tables of the demo are written. */
export function decimals(value: number, digits: number): string {
  return value.toFixed(digits)
}
