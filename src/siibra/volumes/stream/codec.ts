/**
 * Deflate in both directions, piece by piece, from and into buffers of the caller, on the spot. What node documents gives a new buffer for
 * each piece, or the whole at once; its classes work on a handle (`writeSync`) that does what is wanted here: 300 files of 34 MB take
 * 2.8 s instead of 8 s. That handle is not documented, so it is tried once, and where it does not do what is expected, `openCodec`
 * gives nothing and callers take the documented, slower way.
 */
import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw } from 'node:zlib'

export interface Progress {
  /** Bytes of the input that were taken. */
  consumed: number
  /** Bytes that were put into the output. */
  produced: number
}

export interface Codec {
  /**
   * Works until the input is used up, the output is full, or the stream has ended (then input and room for output are left).
   * Throws what zlib says of a broken stream.
   */
  write(input: Uint8Array, inputOffset: number, output: Uint8Array, outputOffset: number, isLast?: boolean): Progress
  close(): void
}

interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void
  onerror: (message: string, errno: number, code: string) => void
}

/** Two 32-bit numbers: what is left of the output and of the input after a write. */
type WriteState = Uint32Array

let isUsable: boolean | undefined

/** A raw deflate stream (RFC 1951) to be inflated, or deflated at `level`; undefined where this node has no such handle. */
export function openCodec(kind: 'inflate' | 'deflate', level?: number): Codec | undefined {
  isUsable ??= works()
  return isUsable ? open(kind, level) : undefined
}

function open(kind: 'inflate' | 'deflate', level: number = constants.Z_BEST_SPEED): Codec | undefined {
  // its own buffer for output is never used
  const stream = kind === 'inflate' ? createInflateRaw({ chunkSize: 64 }) : createDeflateRaw({ level, chunkSize: 64 })
  // fields of node that its types do not tell; looked at below before they are used
  const { _handle: handle, _writeState: state } = stream as unknown as { _handle?: Handle; _writeState?: WriteState }
  if (typeof handle?.writeSync !== 'function' || !(state instanceof Uint32Array) || state.length < 2) {
    stream.close()
    return undefined
  }
  let failure: Error | undefined
  handle.onerror = (message) => {
    failure = new Error(message)
  }
  return {
    write(input, inputOffset, output, outputOffset, isLast = false) {
      const [available, room] = [input.length - inputOffset, output.length - outputOffset]
      const flush = isLast ? constants.Z_FINISH : constants.Z_NO_FLUSH
      handle.writeSync(flush, input, inputOffset, available, output, outputOffset, room)
      if (failure) throw failure
      return { consumed: available - state[1]!, produced: room - state[0]! }
    },
    close: () => closeQuietly(stream),
  }
}

function closeQuietly(stream: InflateRaw | DeflateRaw): void {
  stream.on('error', () => {})
  stream.close()
}

/** Deflates and inflates a few bytes. */
function works(): boolean {
  try {
    const text = Uint8Array.from({ length: 1000 }, (_, at) => (at * 7) % 251)
    const [packer, unpacker] = [open('deflate'), open('inflate')]
    if (!packer || !unpacker) return false
    const packed = new Uint8Array(2000)
    const { produced } = packer.write(text, 0, packed, 0, true)
    const unpacked = new Uint8Array(1100)
    const end = unpacker.write(packed, 0, unpacked, 0)
    packer.close()
    unpacker.close()
    return end.consumed === produced && end.produced === 1000 && text.every((value, at) => value === unpacked[at])
  } catch {
    return false
  }
}
