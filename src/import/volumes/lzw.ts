/** TIFF's LZW (revision 6.0, section 13): codes of 9 to 12 bits, the highest bit first, one code early. */

const CLEAR = 256
const END = 257

export function decompressLzw(stored: Uint8Array, expectedBytes: number): Uint8Array {
  const out = new Uint8Array(expectedBytes)
  // a code stands for the string of its prefix and one byte more
  const prefix = new Int32Array(4097)
  const last = new Uint8Array(4097)
  const length = new Int32Array(4097)
  for (let code = 0; code < 256; code++) {
    last[code] = code
    length[code] = 1
    prefix[code] = -1
  }
  let next = 258
  let width = 9
  let bits = 0
  let held = 0
  let at = 0
  let to = 0
  let before = -1
  while (to < expectedBytes) {
    while (held < width && at < stored.length) {
      bits = ((bits << 8) | stored[at++]!) & 0xffffff
      held += 8
    }
    if (held < width) break
    const code = (bits >> (held - width)) & ((1 << width) - 1)
    held -= width
    if (code === END) break
    if (code === CLEAR) {
      next = 258
      width = 9
      before = -1
      continue
    }
    if (before < 0) {
      out[to++] = code
      before = code
      continue
    }
    const known = code < next ? code : before
    const size = length[known]! + (code < next ? 0 : 1)
    let walk = known
    for (let place = to + length[known]! - 1; place >= to; place--) {
      if (place < expectedBytes) out[place] = last[walk]!
      walk = prefix[walk]!
    }
    const first = out[to]!
    if (code >= next && to + size - 1 < expectedBytes) out[to + size - 1] = first
    to += size
    if (next < 4096) {
      prefix[next] = before
      last[next] = first
      length[next] = length[before]! + 1
      next++
    }
    if (next + 1 >= 1 << width && width < 12) width++
    before = code
  }
  return to >= expectedBytes ? out : out.subarray(0, to)
}
