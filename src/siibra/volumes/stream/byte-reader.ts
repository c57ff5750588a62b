/** Files as bytes that pass by: plain or gzipped, in little memory whatever their size. */
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { badData, isGzip } from '../inflate.ts'
import { openCodec } from './codec.ts'
import { readGzipMembers } from './gzip-members.ts'
import {
  type ByteReader,
  type Chunks,
  createInput,
  givePieceBack,
  type Input,
  PIECE_BYTES,
  type ReaderOptions,
  takePiece,
} from './input.ts'

/** Reads a file from its beginning, inflated where it begins with gzip's magic number. */
export async function openByteReader(chunks: Chunks, options: ReaderOptions): Promise<ByteReader> {
  const input = createInput(chunks)
  await input.gather(3)
  const reader = !isGzip(input.rest())
    ? readPlain(input, options)
    : openCodec('inflate') === undefined
      ? readPlain(createInput(gunzipByStream(input, options.source)), options)
      : readGzipMembers(input, options)
  return withSkip(reader)
}

function readPlain(input: Input, { slices }: ReaderOptions): Omit<ByteReader, 'skip'> {
  return {
    async read(target) {
      let filled = 0
      while (filled < target.length && (await input.next())) {
        const part = input.rest().subarray(0, Math.min(PIECE_BYTES * 8, target.length - filled))
        target.set(part, filled)
        filled += part.length
        input.at += part.length
        const pause = slices.pause()
        if (pause) await pause
      }
      return filled
    },
    finish: async () => false,
    close: input.close,
  }
}

/** The documented way, where there is no codec. */
async function* gunzipByStream(input: Input, source: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES })
  pipeline(Readable.from(remaining(input)), gunzip, () => {})
  try {
    yield* gunzip
  } catch (cause) {
    throw badData(source, `cannot be inflated: ${(cause as Error).message}`, cause)
  }
}

async function* remaining(input: Input): AsyncGenerator<Uint8Array> {
  while (await input.next()) {
    yield input.rest()
    input.at = input.chunk.length
  }
}

function withSkip(reader: Omit<ByteReader, 'skip'>): ByteReader {
  return {
    ...reader,
    async skip(bytes) {
      let skipped = 0
      const piece = takePiece()
      try {
        while (skipped < bytes) {
          const count = await reader.read(piece.subarray(0, Math.min(PIECE_BYTES, bytes - skipped)))
          if (count === 0) break
          skipped += count
        }
      } finally {
        givePieceBack(piece)
      }
      return skipped
    },
  }
}
