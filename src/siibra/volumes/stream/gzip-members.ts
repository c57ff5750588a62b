/** The members of a gzip file (RFC 1952), one after the other, each with its checksum compared. */
import { badData, isGzip } from '../inflate.ts'
import { crc32OfSparse } from './checksum.ts'
import { type Codec, openCodec } from './codec.ts'
import { type ByteReader, givePieceBack, type Input, PIECE_BYTES, type ReaderOptions, takePiece } from './input.ts'

const [HAS_HEADER_CRC, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16]
const FIXED_HEADER_BYTES = 10
const TRAILER_BYTES = 8
/** A checksum that stands further behind what was wanted than this is not looked for. */
const MAX_TAIL_BYTES = 16 * 1024 ** 2

/** Reads on as long as members follow; other bytes behind a member are ignored, as nibabel does. */
export function readGzipMembers(input: Input, { source, slices }: ReaderOptions): Omit<ByteReader, 'skip'> {
  let codec: Codec | undefined
  let isAtEnd = false
  let crc = 0
  let memberBytes = 0
  let passedBytes = 0
  let members = 0

  const broken = (reason: string, cause?: unknown) =>
    badData(source, `cannot be inflated after ${passedBytes} bytes: ${reason}`, cause)

  async function need(bytes: number): Promise<Uint8Array> {
    await input.gather(bytes)
    const rest = input.rest()
    if (rest.length < bytes) throw broken('unexpected end of file')
    return rest
  }

  async function skipText(): Promise<void> {
    for (let length = 64; ; length *= 2) {
      await input.gather(length)
      const end = input.rest().indexOf(0)
      if (end >= 0) {
        input.at += end + 1
        return
      }
      if (input.rest().length < length) throw broken('unexpected end of file')
    }
  }

  async function startMember(): Promise<void> {
    const flags = (await need(FIXED_HEADER_BYTES))[3]!
    input.at += FIXED_HEADER_BYTES
    if (flags & HAS_EXTRA) {
      const [low, high] = await need(2)
      const length = 2 + low! + 256 * high!
      await need(length)
      input.at += length
    }
    if (flags & HAS_NAME) await skipText()
    if (flags & HAS_COMMENT) await skipText()
    if (flags & HAS_HEADER_CRC) {
      await need(2)
      input.at += 2
    }
    codec = openCodec('inflate')!
    members++
    crc = 0
    memberBytes = 0
  }

  async function endMember(): Promise<void> {
    codec?.close()
    codec = undefined
    const trailer = await need(TRAILER_BYTES)
    const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER_BYTES)
    if (view.getUint32(0, true) !== crc) throw broken('incorrect data check')
    if (view.getUint32(4, true) !== memberBytes % 2 ** 32) throw broken('incorrect length check')
    input.at += TRAILER_BYTES
    await input.gather(3)
    isAtEnd = !isGzip(input.rest())
  }

  /** Some more bytes of the member; true where it has ended. */
  function inflate(codec: Codec, target: Uint8Array, filled: number): { produced: number; hasEnded: boolean } {
    const piece = target.subarray(filled, Math.min(filled + PIECE_BYTES, target.length))
    let progress: ReturnType<Codec['write']>
    try {
      progress = codec.write(input.chunk, input.at, piece, 0)
    } catch (cause) {
      throw broken((cause as Error).message, cause)
    }
    const { consumed, produced } = progress
    input.at += consumed
    crc = crc32OfSparse(produced === piece.length ? piece : piece.subarray(0, produced), crc)
    memberBytes += produced
    passedBytes += produced
    return { produced, hasEnded: produced < piece.length && input.at < input.chunk.length }
  }

  async function read(target: Uint8Array): Promise<number> {
    let filled = 0
    while (filled < target.length && !isAtEnd) {
      if (codec === undefined) await startMember()
      if (!(await input.next())) throw broken('unexpected end of file')
      const { produced, hasEnded } = inflate(codec!, target, filled)
      filled += produced
      if (hasEnded) await endMember()
      const pause = slices.pause()
      if (pause) await pause
    }
    return filled
  }

  return {
    read,
    async finish() {
      const piece = takePiece()
      const wantedBytes = passedBytes
      try {
        for (let tail = 0; codec !== undefined && tail < MAX_TAIL_BYTES; ) {
          if (!(await input.next())) throw broken('unexpected end of file')
          const { produced, hasEnded } = inflate(codec, piece, 0)
          tail += produced
          if (hasEnded) await endMember()
          const pause = slices.pause()
          if (pause) await pause
        }
      } finally {
        givePieceBack(piece)
      }
      return passedBytes === wantedBytes && members === 1 && codec === undefined && !(await input.next())
    },
    close() {
      codec?.close()
      codec = undefined
      isAtEnd = true
      input.close()
    },
  }
}
