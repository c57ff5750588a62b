import { Readable } from 'node:stream'
import { constants, crc32, createGzip } from 'node:zlib'
import type { Slices } from '../../slices.ts'
import { openCodec } from './codec.ts'

/** Deflated between two looks at the clock: half a millisecond at the fastest level. */
const INPUT_BYTES = 64 * 1024
const OUTPUT_BYTES = 256 * 1024
/** Deflate, no flags, no time, the fastest level, an unknown system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255)

/**
 * Pieces as one gzip file of one member, at level 1 as nibabel does: voxels gain little from more, and it takes several times longer.
 * The pieces are not copied.
 */
export async function gzipPieces(pieces: readonly Uint8Array[], slices: Slices): Promise<Uint8Array> {
  const codec = openCodec('deflate', constants.Z_BEST_SPEED)
  if (codec === undefined) return gzipByStream(pieces)
  const parts: Uint8Array[] = [HEADER]
  let output = new Uint8Array(OUTPUT_BYTES)
  let filled = 0
  let crc = 0
  let sizeBytes = 0

  /** All of the input; false where there is no room for what is left of the output. */
  function deflate(input: Uint8Array, isLast: boolean): void {
    for (let at = 0; ; ) {
      const { consumed, produced } = codec!.write(input, at, output, filled, isLast)
      at += consumed
      filled += produced
      if (filled < output.length) return
      parts.push(output)
      output = new Uint8Array(OUTPUT_BYTES)
      filled = 0
    }
  }

  try {
    for (const piece of pieces) {
      for (let from = 0; from < piece.length; from += INPUT_BYTES) {
        const input = piece.subarray(from, from + INPUT_BYTES)
        crc = crc32(input, crc)
        sizeBytes += input.length
        deflate(input, false)
        const pause = slices.pause()
        if (pause) await pause
      }
    }
    deflate(new Uint8Array(0), true)
  } finally {
    codec.close()
  }
  const trailer = new Uint8Array(Uint32Array.of(crc, sizeBytes % 2 ** 32).buffer)
  return Buffer.concat([...parts, output.subarray(0, filled), trailer])
}

/** The documented way, where there is no codec. */
async function gzipByStream(pieces: readonly Uint8Array[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const gzip = Readable.from(pieces).pipe(createGzip({ level: constants.Z_BEST_SPEED, chunkSize: OUTPUT_BYTES }))
  for await (const part of gzip) parts.push(part)
  return Buffer.concat(parts)
}
