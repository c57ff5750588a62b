const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const DICTIONARY_BYTES = [0, 1, 2, 4] as const
const CHECKSUM_BYTES = 4
const RLE = 1
const RESERVED = 3

/**
 * Throws where bytes are no whole frames of Zstandard (RFC 8878, 3.1): the decoder of numcodecs waits for ever, its thread held, for the rest
 * of a frame that was cut. What the blocks hold is not looked at: that is the decoder's.
 */
export function checkZstdFrames(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length === 0) throw new Error('no bytes are no Zstandard frame')
  for (let at = 0; at < bytes.length; ) at = endOfFrame(view, at)
}

function endOfFrame(view: DataView, start: number): number {
  const magic = within(view, start, 4).getUint32(start, true)
  if ((magic & 0xfffffff0) === SKIPPABLE) {
    const end = start + 8 + within(view, start, 8).getUint32(start + 4, true)
    within(view, end, 0)
    return end
  }
  if (magic !== MAGIC) throw new Error(`no Zstandard frame begins at byte ${start}`)
  const descriptor = within(view, start, 5).getUint8(start + 4)
  let at = endOfHeader(start + 5, descriptor)
  for (let isLast = false; !isLast; ) {
    const header = within(view, at, 3).getUint16(at, true) + view.getUint8(at + 2) * 2 ** 16
    const type = (header >> 1) & 3
    if (type === RESERVED) throw new Error(`a block of no known type at byte ${at}`)
    isLast = (header & 1) === 1
    at += 3 + (type === RLE ? 1 : header >> 3)
    within(view, at, 0)
  }
  if (descriptor & 4) at += CHECKSUM_BYTES
  within(view, at, 0)
  return at
}

/** Behind the window, the id of a dictionary and the size of the content, as far as the descriptor says that they are there. */
function endOfHeader(at: number, descriptor: number): number {
  const isSingleSegment = (descriptor & 32) !== 0
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag
  return at + Number(!isSingleSegment) + (DICTIONARY_BYTES[descriptor & 3] ?? 0) + sizeBytes
}

function within(view: DataView, at: number, length: number): DataView {
  if (at + length > view.byteLength) throw new Error(`a Zstandard frame ends after ${view.byteLength} bytes, within`)
  return view
}
