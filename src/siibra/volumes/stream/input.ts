/** Where the bytes of a file come from. */
import type { Slices } from '../../slices.ts'

/** What a file is read from: its bytes, in pieces of any size. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface ReaderOptions {
  /** Names the file in errors (`details.url`). */
  source: string
  slices: Slices
}

/** How much is inflated between two looks at the clock. Fits the second-level cache, with what looks at it. */
export const PIECE_BYTES = 128 * 1024

const free: Uint8Array[] = []
/** Readers that are open at a time in one thread are a handful. */
const MAX_FREE = 4

/**
 * A piece with anything in it, to be given back: maps of hundreds of files took three new ones for each, which the C library kept
 * (27 MB of 315 that were resident, docs/performance.md).
 */
export const takePiece = (): Uint8Array => free.pop() ?? new Uint8Array(PIECE_BYTES)

/** `piece` is looked at by nobody any more. */
export function givePieceBack(piece: Uint8Array): void {
  if (free.length < MAX_FREE) free.push(piece)
}

export interface ByteReader {
  /** Fills `target`. Fewer bytes than it has room for come only where the data end. BAD_DATA for a stream that is cut or broken. */
  read(target: Uint8Array): Promise<number>
  /** Passes over so many bytes; gives how many there were. */
  skip(bytes: number): Promise<number>
  /**
   * Compares the checksum of what was read, which stands behind the last of it. True where that was all of one gzip member, and there is nothing
   * else in the file.
   */
  finish(): Promise<boolean>
  /** Nothing more is wanted. */
  close(): void
}

/** The bytes that are there, and how to get more of them. */
export interface Input {
  chunk: Uint8Array
  /** Position of the first byte of the chunk that was not taken. */
  at: number
  /** Gets the next chunk where all of this one is taken; false at the end. */
  next(): Promise<boolean>
  /** Makes at least so many bytes stand in the chunk, fewer only at the end. */
  gather(bytes: number): Promise<void>
  /** What is left of the chunk. */
  rest(): Uint8Array
  close(): void
}

export function createInput(chunks: Chunks): Input {
  const iterator =
    Symbol.asyncIterator in chunks
      ? chunks[Symbol.asyncIterator]()
      : (chunks[Symbol.iterator]() as Iterator<Uint8Array>)
  const input: Input = {
    chunk: new Uint8Array(0),
    at: 0,
    async next() {
      while (input.at === input.chunk.length) {
        const { done, value } = await iterator.next()
        if (done) return false
        input.chunk = value
        input.at = 0
      }
      return true
    },
    async gather(bytes) {
      while (input.chunk.length - input.at < bytes) {
        const { done, value } = await iterator.next()
        if (done) return
        input.chunk = input.at === input.chunk.length ? value : Buffer.concat([input.rest(), value])
        input.at = 0
      }
    },
    rest: () => input.chunk.subarray(input.at),
    close: () => void iterator.return?.(),
  }
  return input
}
