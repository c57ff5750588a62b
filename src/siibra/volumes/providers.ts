import type { ImageFormat } from '../core/volume-formats.ts'
import { SiibraError } from '../errors.ts'
import type { Store } from '../retrieval/stores/store.ts'
import { required } from '../retrieval/upstream-errors.ts'
import type { Reads } from '../retrieval/verified.ts'
import { createSlices } from '../slices.ts'
import type { Image } from './image.ts'
import { badData, gunzipIfNeeded } from './inflate.ts'
import { decodeMgh } from './mgh/decode.ts'
import { type NiftiStream, openNifti } from './nifti/stream.ts'
import { openOmeZarr } from './ome-zarr/volume.ts'
import { selectScale } from './precomputed/scale.ts'
import { openPrecomputed, readBox } from './precomputed/volume.ts'
import { selectLevel, wholeBoxOf } from './pyramids/pyramid.ts'
import { itemBytesOf } from './typed-bytes.ts'

export interface ProviderContext {
  retrieval: Reads
  /** Bound of what is held in memory of one volume. */
  maxBytes: number
  signal: AbortSignal
  /** Waits until there is memory for the voxels. */
  reserve(bytes: number): Promise<void>
}

/** One 3D volume of a file, by its number along the fourth axis; null: all of it. */
type Part = number | null

type Provider = (url: string, part: Part, context: ProviderContext) => Promise<Image>

/** No deflate stream expands by more than this. */
const LARGEST_RATIO = 1032

const readFile =
  (format: StreamedFormat): Provider =>
  async (url, part, context) => {
    const bytes = await fileBytes(format, url, context)
    const stream = await openNifti([bytes], { source: url, slices: createSlices(context.signal) })
    try {
      return await readPart(stream, part, { ...context, source: url, possibleBytes: bytes.length * LARGEST_RATIO })
    } finally {
      stream.close()
    }
  }

/** The formats whose voxels come one after the other. */
export type StreamedFormat = 'nii' | 'zip/nii'

export const isStreamed = (format: ImageFormat): format is StreamedFormat => format === 'nii' || format === 'zip/nii'

/** A file as it was sent; of an archive (the URL and the member's name with a blank between) one member. */
export async function fileBytes(
  format: StreamedFormat,
  source: string,
  { retrieval, signal }: Pick<ProviderContext, 'retrieval' | 'signal'>,
): Promise<Uint8Array> {
  if (format === 'nii') return required(await retrieval.bytes(source, { signal }), source)
  const blank = source.indexOf(' ')
  if (blank < 0) throw new SiibraError('BAD_CONFIGURATION', `'${source}' names no member of the archive`)
  const [url, member] = [source.slice(0, blank), source.slice(blank + 1)]
  return required(await retrieval.zipMember(url, member, { signal }), `${url} (${member})`)
}

interface PartContext extends Pick<ProviderContext, 'maxBytes' | 'reserve'> {
  source: string
  /** What the file can hold at most. */
  possibleBytes: number
}

async function readPart(stream: NiftiStream, part: Part, context: PartContext): Promise<Image> {
  const { header, volumeVoxels, volumes } = stream
  const { source, maxBytes, possibleBytes, reserve } = context
  if (part !== null) requireVolume(header.shape, part, source)
  const voxels = part === null ? volumeVoxels * volumes : volumeVoxels
  const shape = part === null ? header.shape : header.shape.slice(0, 3)
  const neededBytes = voxels * (header.scaling ? 8 : itemBytesOf(header.storedType))
  if (neededBytes > maxBytes) {
    throw badData(source, `${shape.join(' x ')} voxels take ${neededBytes} bytes, the bound is ${maxBytes} bytes`)
  }
  await reserve(Math.min(neededBytes, possibleBytes))
  if (part) await stream.skip(part * volumeVoxels)
  const decoded = await stream.read(voxels)
  if (part === null || part === volumes - 1) await stream.finish()
  return { ...decoded, shape, voxelToWorldMm: header.voxelToWorldMm }
}

/** BAD_DATA where a file has no such volume. */
export function requireVolume(shape: readonly number[], part: number, source: string): void {
  const count = shape[3] ?? 1
  if (part >= 0 && part < count) return
  const size = shape.slice(0, 3).join(' x ')
  throw badData(source, `volume ${part} is asked of a file that has ${count} of ${size} voxels`)
}

const readMgh: Provider = async (url, part, { retrieval, signal, maxBytes, reserve }) => {
  const bytes = required(await retrieval.bytes(url, { signal }), url)
  const plain = gunzipIfNeeded(bytes, { source: url, maxBytes })
  await reserve(plain.length)
  const { image } = decodeMgh(plain, { source: url, maxBytes })
  if (part === null) return image
  requireVolume(image.shape, part, url)
  const shape = image.shape.slice(0, 3)
  const size = shape.reduce((product, length) => product * length, 1)
  return { ...image, shape, data: image.data.subarray(part * size, (part + 1) * size) }
}

/** The coarsest scale of a precomputed volume, as siibra takes it where no resolution is asked for; the first channel. */
const readPrecomputed: Provider = async (url, part, { retrieval, maxBytes, signal, reserve }) => {
  // Promised by the configuration: what is missing counts as away.
  const volume = await openPrecomputed(requiringInfo(retrieval.store), url, { signal })
  const scale = selectScale(volume)
  await reserve(scale.sizeVox.reduce((product, size) => product * size, itemBytesOf(volume.info.dataType)))
  const image = await readBox(volume, scale, undefined, { signal, maxBytes })
  if (part !== null) requireVolume(image.shape, part, url)
  return image
}

/**
 * The finest level of an OME-Zarr that takes no more than siibra lets a precomputed volume take (siibra knows no Zarr): small regions are
 * lost in coarse levels. `part` counts the volumes along the axes that are not of space (channels, times).
 */
const readOmeZarr: Provider = async (url, part, { retrieval, maxBytes, signal, reserve }) => {
  const pyramid = await openOmeZarr(requiringInfo(retrieval.store), url, { signal })
  const level = selectLevel(pyramid, { resolutionMm: -1 })
  if (part !== null) requireVolume([...level.sizeVox, pyramid.volumes], part, url)
  await reserve(level.sizeVox.reduce((product, size) => product * size, pyramid.itemBytes))
  return pyramid.read(level, wholeBoxOf(level), { volume: part ?? 0, signal, maxBytes })
}

/** What a promised volume begins with. */
const requiringInfo = (store: Store): Store => ({
  ...store,
  get: async (key, options) => {
    const bytes = await store.get(key, options)
    return /\/(?:info|\.zattrs|\.zarray)$/.test(key) ? required(bytes, key) : bytes
  },
})

/** What reads each format; a provider is given one URL (fragments are the reader's business). */
export const PROVIDERS: Record<ImageFormat, Provider> = {
  nii: readFile('nii'),
  'zip/nii': readFile('zip/nii'),
  mgh: readMgh,
  'neuroglancer/precomputed': readPrecomputed,
  'ome-zarr': readOmeZarr,
  zarr: readOmeZarr,
}
