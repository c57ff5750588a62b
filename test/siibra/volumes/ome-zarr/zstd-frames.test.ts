import { expect, test } from 'vitest'
import { checkZstdFrames } from '../../../../src/siibra/volumes/ome-zarr/zstd-frames.ts'

/** Made by python-zstandard 0.25, of 'atlas ' times 40, 90 bytes without a pattern, 3,000 zeros. */
const FRAMES: readonly [string, string][] = [
  ['of one segment', '28b52ffd20f06d00003061746c6173200100e750a508'],
  ['with a checksum', '28b52ffd24f06d00003061746c6173200100e750a508061861a3'],
  ['without its size', '28b52ffd00006d00003061746c6173200100e750a508'],
  [
    'of several blocks',
    '28b52ffd00586c00003061746c6173200100e750a508d1020000264e78a4d20234689ed6104c8aca0c5096de2874c21264b80e66c01c7ada3ca0066ed844b22294087ef670ec6aea6cf076fe8814a232c458ee8620bc5afa9c40e68e38e49242f4a85e16d08c4a0acc90561ee8b4825224f8ce',
  ],
  [
    'that is not compressed',
    '28b52ffd205ad1020000264e78a4d20234689ed6104c8aca0c5096de2874c21264b80e66c01c7ada3ca0066ed844b22294087ef670ec6aea6cf076fe8814a232c458ee8620bc5afa9c40e68e38e49242f4a85e16d08c4a0acc90561ee8b4825224f8ce',
  ],
  ['of one byte, repeated', '28b52ffd60b80a4d00001000000100b3f30116'],
  ['of nothing', '28b52ffd2000010000'],
  ['after a skippable one', '502a4d180300000061626328b52ffd20f06d00003061746c6173200100e750a508'],
  [
    'after another',
    '28b52ffd20f06d00003061746c6173200100e750a50828b52ffd205ad1020000264e78a4d20234689ed6104c8aca0c5096de2874c21264b80e66c01c7ada3ca0066ed844b22294087ef670ec6aea6cf076fe8814a232c458ee8620bc5afa9c40e68e38e49242f4a85e16d08c4a0acc90561ee8b4825224f8ce',
  ],
]

/** Where one frame ends and the next begins: what is cut there is whole. */
const SEAMS: Readonly<Record<string, number>> = { 'after a skippable one': 11, 'after another': 22 }

test.each(FRAMES)('a frame %s', (name, hex) => {
  const bytes = Buffer.from(hex, 'hex')
  expect(() => checkZstdFrames(bytes)).not.toThrow()
  for (let length = 0; length < bytes.length; length++) {
    if (length === SEAMS[name]) continue
    expect(() => checkZstdFrames(bytes.subarray(0, length)), `cut to ${length} bytes`).toThrow(/Zstandard frame/)
  }
})

test('what is none', () => {
  expect(() => checkZstdFrames(Buffer.from('<html></html>'))).toThrow('no Zstandard frame begins at byte 0')
  expect(() => checkZstdFrames(Buffer.from('28b52ffd2000070000', 'hex'))).toThrow('a block of no known type')
})

/** By RFC 8878, 3.1.1: a magic number, the descriptor, then window, id of a dictionary and size, as it says; one last block. */
test.each([
  ['with an id of one byte', '28b52ffd21 07 00', '010000'],
  ['with an id of two bytes', '28b52ffd22 0700 00', '010000'],
  ['with an id of four bytes and a window', '28b52ffd03 58 07000000', '010000'],
  ['with an id and a size of eight bytes', '28b52ffde1 07 0000000000000000', '010000'],
  // (10000 << 3) | 1, the lowest byte first
  ['with a block of more bytes than 16 bits can tell', '28b52ffd00 58', `813801${'61'.repeat(10_000)}`],
])('a frame %s is whole, and cut it is not', (_, header, block) => {
  const bytes = Buffer.from((header + block).replaceAll(' ', ''), 'hex')
  expect(() => checkZstdFrames(bytes)).not.toThrow()
  for (let length = 0; length < bytes.length; length += length < 20 ? 1 : 999)
    expect(() => checkZstdFrames(bytes.subarray(0, length)), `cut to ${length} bytes`).toThrow(/Zstandard frame/)
  expect(() => checkZstdFrames(bytes.subarray(0, -1))).toThrow(/Zstandard frame/)
})
