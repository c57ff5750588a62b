/** Chunks stored as JPEG or PNG pictures: x along the rows, y and z in whatever way they share the other axis. */
import { inflateSync } from 'node:zlib'
import { decode as decodePng } from 'fast-png'
import jpeg from 'jpeg-js'
import type { Triple } from '../affine.ts'
import { badData } from '../inflate.ts'

/** One channel (grey) or three (RGB), each after the other. */
export function decodeJpegChunk(bytes: Uint8Array, sizeVox: Triple, channelCount: number, source: string): Uint8Array {
  const count = sizeVox[0] * sizeVox[1] * sizeVox[2]
  if (channelCount !== 1 && channelCount !== 3) throw badData(source, `JPEG chunks of ${channelCount} channels`)
  const { width, height, componentCount } = readJpegFrame(bytes, source)
  requirePixels(width, height, componentCount, sizeVox, channelCount, source)
  const picture = orBadData(source, 'JPEG', () =>
    // The size was checked above; the bound on memory is for what the coefficients take.
    jpeg.decode(bytes, { tolerantDecoding: false, maxResolutionInMP: 1000, maxMemoryUsageInMB: 1024 }),
  )
  return toPlanes(picture.data, count, 4, channelCount, new Uint8Array(count * channelCount)) as Uint8Array
}

/** One to four channels of 8 or 16 bits, each after the other. */
export function decodePngChunk(
  bytes: Uint8Array,
  sizeVox: Triple,
  channelCount: number,
  depth: 8 | 16,
  source: string,
): Uint8Array | Uint16Array {
  const count = sizeVox[0] * sizeVox[1] * sizeVox[2]
  requireBoundedPng(bytes, sizeVox, channelCount, depth, source)
  const picture = orBadData(source, 'PNG', () => decodePng(bytes))
  const planes = depth === 16 ? new Uint16Array(count * channelCount) : new Uint8Array(count * channelCount)
  return toPlanes(picture.data, count, channelCount, channelCount, planes)
}

/** From pixels of `stride` interleaved numbers to one plane a channel. */
function toPlanes<T extends Uint8Array | Uint16Array>(
  pixels: ArrayLike<number>,
  count: number,
  stride: number,
  channelCount: number,
  planes: T,
): T {
  for (let channel = 0; channel < channelCount; channel++) {
    for (let i = 0; i < count; i++) planes[channel * count + i] = pixels[i * stride + channel]!
  }
  return planes
}

function requirePixels(
  width: number,
  height: number,
  foundChannels: number,
  [x, y, z]: Triple,
  channelCount: number,
  source: string,
) {
  if (width * height === x * y * z && foundChannels === channelCount) return
  const expected = `${x} x ${y} x ${z} voxels of ${channelCount} channels`
  throw badData(source, `a picture of ${width} x ${height} pixels of ${foundChannels} channels, not ${expected}`)
}

/** Size and components as the frame header (SOF) says, before anything is decoded. */
function readJpegFrame(bytes: Uint8Array, source: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) throw badData(source, 'no JPEG')
  for (let at = 2; at + 9 < bytes.length; ) {
    const marker = view.getUint16(at)
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
    if (isFrame) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), componentCount: bytes[at + 9]! }
    }
    at += 2 + view.getUint16(at + 2)
  }
  throw badData(source, 'a JPEG without a frame')
}

/** fast-png inflates without a bound: the header's claim is checked before, and that the pixels inflate to no more than it. */
function requireBoundedPng(bytes: Uint8Array, sizeVox: Triple, channelCount: number, depth: number, source: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 33 || view.getUint32(0) !== 0x89504e47) throw badData(source, 'no PNG')
  const [width, height, foundDepth, colorType] = [view.getUint32(16), view.getUint32(20), bytes[24]!, bytes[25]!]
  const foundChannels = { 0: 1, 2: 3, 4: 2, 6: 4 }[colorType] ?? 0
  requirePixels(width, height, foundChannels, sizeVox, channelCount, source)
  if (foundDepth !== depth) throw badData(source, `a PNG of ${foundDepth} bits a channel, not ${depth}`)
  const parts: Uint8Array[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    if (view.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  // A byte of filter a row, and with interlacing up to seven rows for one.
  const largest = height * ((width * channelCount * depth) / 8 + 8) + 64
  orBadData(source, 'PNG', () => inflateSync(Buffer.concat(parts), { maxOutputLength: Math.ceil(largest) }))
}

function orBadData<T>(source: string, what: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    throw badData(source, `a ${what} that cannot be decoded: ${cause instanceof Error ? cause.message : cause}`, cause)
  }
}
