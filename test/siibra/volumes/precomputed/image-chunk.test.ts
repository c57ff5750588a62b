import { crc32, deflateSync } from 'node:zlib'
import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import type { Triple } from '../../../../src/siibra/volumes/affine.ts'
import { decodeJpegChunk, decodePngChunk } from '../../../../src/siibra/volumes/precomputed/image-chunk.ts'

const source = 'https://a.org/0-8_0-2_0-4'

function uint32(value: number) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const pngChunk = (type: string, data: Uint8Array) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))])
}

const SIGNATURE = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const COLOUR_TYPES = [0, 0, 4, 2, 6]

interface PngSpec {
  width: number
  height: number
  channels?: number
  depth?: number
  colourType?: number
}

const pngHeader = ({ width, height, channels = 1, depth = 8, colourType = COLOUR_TYPES[channels]! }: PngSpec) =>
  Buffer.concat([
    SIGNATURE,
    pngChunk('IHDR', Buffer.concat([uint32(width), uint32(height), Buffer.of(depth, colourType, 0, 0, 0)])),
  ])

/** A PNG of these bytes of pixels, none of whose rows is filtered, its packed pixels in two parts behind a note. */
function pngOf(spec: PngSpec, pixels: Uint8Array) {
  const rowBytes = pixels.length / spec.height
  const rows = Array.from({ length: spec.height }, (_, y) => pixels.subarray(y * rowBytes, (y + 1) * rowBytes))
  const packed = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row])))
  return Buffer.concat([
    pngHeader(spec),
    pngChunk('tEXt', Buffer.from('Title\0IDAT')),
    pngChunk('IDAT', packed.subarray(0, 9)),
    pngChunk('IDAT', packed.subarray(9)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

describe('a chunk as PNG', () => {
  it.each([1, 2, 3, 4])('of %i channels of 8 bits: one after the other', (channels) => {
    const pixels = Uint8Array.from({ length: 64 * channels }, (_, at) => (at * 3) % 256)
    const found = decodePngChunk(pngOf({ width: 8, height: 8, channels }, pixels), [8, 2, 4], channels, 8, source)
    expect(found).toEqual(
      Uint8Array.from({ length: 64 * channels }, (_, at) => pixels[(at % 64) * channels + Math.floor(at / 64)]!),
    )
  })

  it('of two channels of 16 bits, the high byte first', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
    const found = decodePngChunk(
      pngOf({ width: 3, height: 1, channels: 2, depth: 16 }, pixels),
      [1, 3, 1],
      2,
      16,
      source,
    )
    expect(found).toEqual(Uint16Array.of(0x102, 0x506, 0x90a, 0x304, 0x708, 0xb0c))
  })

  it.each<[PngSpec, Triple, number, 8 | 16, string]>([
    [{ width: 3, height: 2 }, [3, 1, 1], 1, 8, 'a picture of 3 x 2 pixels of 1 channels, not 3 x 1 x 1 voxels of 1'],
    [{ width: 2, height: 2 }, [2, 2, 1], 3, 8, 'a picture of 2 x 2 pixels of 1 channels, not 2 x 2 x 1 voxels of 3'],
    [{ width: 2, height: 2, colourType: 3 }, [2, 2, 1], 1, 8, 'a picture of 2 x 2 pixels of 0 channels'],
    [{ width: 2, height: 2 }, [2, 2, 1], 1, 16, 'a PNG of 8 bits a channel, not 16'],
    [{ width: 2, height: 2, depth: 4 }, [2, 2, 1], 1, 8, 'a PNG of 4 bits a channel, not 8'],
  ])('%j is no chunk of %j voxels of %i channels of %i bits', (spec, sizeVox, channelCount, depth, message) => {
    const bytes = pngOf(spec, new Uint8Array(64))
    expect(() => decodePngChunk(bytes, sizeVox, channelCount, depth, source)).toThrow(`${source}: ${message}`)
  })

  it('is none without all of its header, and none of another format', () => {
    const header = pngHeader({ width: 2, height: 2 })
    const decode = (bytes: Uint8Array) => () => decodePngChunk(bytes, [2, 2, 1], 1, 8, source)
    expect(decode(header.subarray(0, 32))).toThrow(`${source}: no PNG`)
    expect(decode(Buffer.alloc(100))).toThrow(`${source}: no PNG`)
    expect(decode(header)).toThrow(`${source}: a PNG that cannot be decoded: unexpected end of file`)
  })

  /** Bytes of a row and eight more, for each row, and 64. */
  it.each<[PngSpec, number]>([
    [{ width: 4, height: 2, channels: 3, depth: 16 }, 2 * (24 + 8) + 64],
    [{ width: 8, height: 1 }, 8 + 8 + 64],
    [{ width: 5, height: 3, channels: 2 }, 3 * (10 + 8) + 64],
  ])('%j may inflate to %i bytes', (spec, most) => {
    const { width, height, channels = 1, depth = 8 } = spec
    const bomb = Buffer.concat([pngHeader(spec), pngChunk('IDAT', deflateSync(new Uint8Array(5000)))])
    expect(() => decodePngChunk(bomb, [width, height, 1], channels, depth as 8 | 16, source)).toThrow(
      `${source}: a PNG that cannot be decoded: Cannot create a Buffer larger than ${most} bytes`,
    )
  })
})

describe('a chunk as JPEG', () => {
  /** Blocks of 8 x 8 pixels beside each other, each of one colour, which JPEG keeps but for rounding. */
  const colours = [
    [200, 100, 50],
    [10, 90, 250],
  ] as const
  const pixelOf = (at: number) => [...colours[at % 16 < 8 ? 0 : 1]!, 255]
  const data = Buffer.from(Array.from({ length: 128 }, (_, at) => pixelOf(at)).flat())
  const bytes = jpeg.encode({ width: 16, height: 8, data }, 100).data

  it('of three channels: one after the other', () => {
    const found = decodeJpegChunk(bytes, [16, 2, 4], 3, source)
    expect(found).toHaveLength(3 * 128)
    found.forEach((value, at) => {
      expect(Math.abs(value - pixelOf(at % 128)[Math.floor(at / 128)]!)).toBeLessThan(4)
    })
  })

  it('that was cut is refused, though most of its pixels are there', () => {
    expect(() => decodeJpegChunk(bytes.subarray(0, -12), [16, 2, 4], 3, source)).toThrow(
      'a JPEG that cannot be decoded',
    )
  })

  it.each([0, 2, 4])('has no %i channels', (channels) => {
    expect(() => decodeJpegChunk(bytes, [16, 2, 4], channels, source)).toThrow(`JPEG chunks of ${channels} channels`)
  })

  it.each<[Triple, number]>([
    [[16, 2, 5], 3],
    [[16, 8, 1], 1],
    [[8, 8, 1], 3],
  ])('of 16 x 8 pixels and three channels is none of %j voxels and %i', ([x, y, z], channels) => {
    const message = `16 x 8 pixels of 3 channels, not ${x} x ${y} x ${z} voxels of ${channels} channels`
    expect(() => decodeJpegChunk(bytes, [x, y, z], channels, source)).toThrow(`${source}: a picture of ${message}`)
  })

  /** The head of a segment that would be that of a frame: 8 bits, 513 x 1027 pixels, 5 components. */
  const frame = (marker: number) => [0xff, marker, 0, 8, 8, 4, 3, 2, 1, 5]
  const decode =
    (...segments: number[]) =>
    () =>
      decodeJpegChunk(Uint8Array.of(0xff, 0xd8, ...segments), [1, 1, 1], 1, source)

  it.each([0xc0, 0xc1, 0xc2, 0xc9, 0xcf])('has a frame behind the marker %i', (marker) => {
    const other = [0xff, 0xe0, 0, 5, 1, 2, 3]
    for (const segments of [frame(marker), [...other, ...frame(marker)], [...frame(0xc4), ...frame(marker)]])
      expect(decode(...segments)).toThrow('a picture of 513 x 1027 pixels of 5 channels')
  })

  it.each([0xbf, 0xc4, 0xc8, 0xcc, 0xd0])('has no frame behind the marker %i', (marker) => {
    expect(decode(...frame(marker))).toThrow(`${source}: a JPEG without a frame`)
  })

  it('is none without a whole frame, and none of another format', () => {
    expect(decode(...frame(0xc0).slice(0, -1))).toThrow(`${source}: a JPEG without a frame`)
    expect(decode(0xff, 0xd9)).toThrow(`${source}: a JPEG without a frame`)
    expect(decode(0xff)).toThrow(`${source}: no JPEG`)
    expect(() => decodeJpegChunk(Buffer.alloc(20), [1, 1, 1], 1, source)).toThrow(`${source}: no JPEG`)
  })
})
