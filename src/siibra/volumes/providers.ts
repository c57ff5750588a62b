import { gunzip } from 'node:zlib'
import type { IMAGE_FORMATS } from '../core/volume.ts'
import { SiibraError } from '../errors.ts'
import type { Store } from '../retrieval/stores/store.ts'
import { required } from '../retrieval/upstream-errors.ts'
import type { Reads } from '../retrieval/verified.ts'
import type { Image } from './image.ts'
import { badData, gunzipLeadingMembers, isGzip } from './inflate.ts'
import { decodeNifti } from './nifti/decode.ts'
import { selectScale } from './precomputed/scale.ts'
import { openPrecomputed, readBox } from './precomputed/volume.ts'
import { itemBytesOf } from './typed-bytes.ts'

export type ImageFormat = (typeof IMAGE_FORMATS)[number]

export interface ProviderContext {
  retrieval: Reads
  maxBytes: number
  signal: AbortSignal
  /** Says how much memory the voxels will take, before they do. */
  reserve(bytes: number): void
}

type Provider = (url: string, context: ProviderContext) => Promise<Image>

async function readNifti(url: string, context: ProviderContext): Promise<Image> {
  const bytes = required(await context.retrieval.bytes(url, { signal: context.signal }), url)
  return decodeNifti(await inflate(bytes, url, context), { source: url, maxBytes: context.maxBytes })
}

/** A member of a remote archive; the URL and the member's name with a blank between. */
async function readZippedNifti(source: string, context: ProviderContext): Promise<Image> {
  const blank = source.indexOf(' ')
  if (blank < 0) throw new SiibraError('BAD_CONFIGURATION', `'${source}' names no member of the archive`)
  const [url, member] = [source.slice(0, blank), source.slice(blank + 1)]
  const bytes = required(
    await context.retrieval.zipMember(url, member, { signal: context.signal }),
    `${url} (${member})`,
  )
  return decodeNifti(await inflate(bytes, source, context), { source, maxBytes: context.maxBytes })
}

/** The coarsest scale of a precomputed volume, as siibra takes it where no resolution is asked for; the first channel. */
async function readPrecomputed(url: string, { retrieval, maxBytes, signal, reserve }: ProviderContext): Promise<Image> {
  // Promised by the configuration: what is missing counts as away.
  const volume = await openPrecomputed(requiringInfo(retrieval.store), url, { signal })
  const scale = selectScale(volume)
  reserve(scale.sizeVox.reduce((product, size) => product * size, itemBytesOf(volume.info.dataType)))
  return readBox(volume, scale, undefined, { signal, maxBytes })
}

const requiringInfo = (store: Store): Store => ({
  ...store,
  get: async (key, options) => {
    const bytes = await store.get(key, options)
    return key.endsWith('/info') ? required(bytes, key) : bytes
  },
})

/** Off the main thread, so that the fragments of a volume inflate at the same time. */
function inflate(bytes: Uint8Array, source: string, { maxBytes, reserve }: ProviderContext): Promise<Uint8Array> {
  if (!isGzip(bytes) || bytes.length < 18) return Promise.resolve(bytes)
  const trailer = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // The size in the trailer is a hint, within what deflate can do at all.
  const claimed = Math.min(trailer.getUint32(bytes.length - 4, true), bytes.length * 1032, maxBytes)
  reserve(claimed)
  return new Promise((resolve, reject) => {
    gunzip(bytes, { chunkSize: Math.max(64 * 1024, claimed + 1), maxOutputLength: maxBytes }, (fault, inflated) => {
      if (!fault) return resolve(inflated)
      const members = gunzipLeadingMembers(bytes, maxBytes)
      if (members) return resolve(members)
      const isTooLarge = (fault as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      const reason = isTooLarge
        ? `${bytes.length} bytes inflate to more than the bound of ${maxBytes} bytes`
        : `${bytes.length} bytes cannot be inflated: ${fault.message}`
      reject(badData(source, reason, fault))
    })
  })
}

/** What reads each format; a provider is given one URL (fragments are the reader's business). */
export const PROVIDERS: Record<ImageFormat, Provider> = {
  nii: readNifti,
  'zip/nii': readZippedNifti,
  'neuroglancer/precomputed': readPrecomputed,
}
