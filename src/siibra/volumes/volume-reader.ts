import type { Volume, VolumeFormat } from '../core/types.ts'
import { IMAGE_FORMATS } from '../core/volume.ts'
import { SiibraError } from '../errors.ts'
import { type ByteBoundedCache, createByteBoundedCache } from '../retrieval/cache/byte-bounded-cache.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { verified } from '../retrieval/verified.ts'
import { createLimiter } from '../retrieval/wrappers/with-concurrency-limit.ts'
import type { Image } from './image.ts'
import { mergeImages } from './merge.ts'
import { type ImageFormat, PROVIDERS } from './providers.ts'

export interface VolumeReaderOptions {
  retrieval: Retrieval
  /** How much all decoded volumes that are kept may take together. Default 512 MiB. */
  maxCachedBytes?: number
  /** Bound of one volume, inflated; more is BAD_DATA. Default 2 GiB. */
  maxVolumeBytes?: number
  /** How many volumes are fetched and decoded at a time, so that many requests at once do not pile up files. Default 3. */
  maxConcurrentReads?: number
}

/** Reads volumes of the configuration as images, keeps the last ones decoded. Images are shared: never written to. */
export interface VolumeReader {
  /**
   * The voxels of a volume, from the provider that siibra prefers; with several fragments the named one, or all merged.
   * Throws NOT_AVAILABLE (surfaces), INVALID_PARAMETER (no such fragment), UPSTREAM_UNAVAILABLE, BAD_DATA.
   */
  fetchImage(volume: Volume, options?: FetchOptions): Promise<Image>
  /** Something made of volumes, kept among them within the same bound (a sparse index ...). */
  keep<T extends object>(
    key: string,
    sizeOf: (value: T) => number,
    make: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>
  /** Bytes and entries of the decoded volumes that are kept, hits and misses. */
  stats(): ReturnType<ByteBoundedCache<Kept>['stats']>
}

interface Kept {
  value: object
  bytes: number
}

export interface FetchOptions {
  /** Default true; false for volumes of which something smaller is made at once. */
  keep?: boolean | undefined
  /** Name of a fragment, or a part of it that fits one alone (`left`). */
  fragment?: string | null | undefined
  signal?: AbortSignal | undefined
}

export function createVolumeReader(options: VolumeReaderOptions): VolumeReader {
  const { retrieval, maxCachedBytes = 512 * 1024 ** 2, maxVolumeBytes = 2 ** 31, maxConcurrentReads = 3 } = options
  const kept = createByteBoundedCache<Kept>({ maxBytes: maxCachedBytes, sizeOf: ({ bytes }) => bytes })
  const limiter = createLimiter(maxConcurrentReads)
  let reads = 0

  async function keep<T extends object>(
    key: string,
    sizeOf: (value: T) => number,
    make: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const load = async (shared: AbortSignal) => {
      const value = await make(shared)
      return { value, bytes: sizeOf(value) }
    }
    return (await kept.load(key, load, signal)).value as T
  }

  /** What is being inflated counts, too: older volumes go before the new one comes. */
  async function readWithinBudget(format: ImageFormat, url: string, signal: AbortSignal): Promise<Image> {
    const ticket = `reading ${reads++}`
    const reserve = (bytes: number) => kept.set(ticket, { value: {}, bytes: Math.min(bytes, maxCachedBytes) })
    try {
      const image = await verified(retrieval, (reads) =>
        PROVIDERS[format](url, { retrieval: reads, maxBytes: maxVolumeBytes, signal, reserve }),
      )
      return withoutSingleVolume(image)
    } finally {
      kept.delete(ticket)
    }
  }

  const read = (format: ImageFormat, url: string, signal: AbortSignal) =>
    limiter.run('', () => readWithinBudget(format, url, signal), signal)

  /** From what is kept, else read; kept from then on only where that is wanted. */
  const load = (format: ImageFormat, url: string, isKept: boolean, signal?: AbortSignal): Promise<Image> => {
    const key = `${format} ${url}`
    if (isKept) return keep(key, imageBytes, (shared) => read(format, url, shared), signal)
    const known = kept.get(key)
    return known ? Promise.resolve(known.value as Image) : read(format, url, signal ?? new AbortController().signal)
  }

  return {
    async fetchImage(volume, { fragment = null, signal, keep: isKept = true } = {}) {
      const format = imageFormatOf(volume)
      const source = volume.providers[format]!
      const fragments = typeof source === 'string' ? [] : Object.entries(source)
      if (fragments.length > 1 && fragment === null) {
        const urls = fragments.map(([, url]) => url)
        const merge = async (shared?: AbortSignal) =>
          mergeImages(await Promise.all(urls.map((url) => load(format, url, false, shared))))
        const merged = isKept ? keep(`merged ${format} ${urls.join(' ')}`, imageBytes, merge, signal) : merge(signal)
        return subvolume(await merged, volume)
      }
      const url = typeof source === 'string' ? source : selectFragment(fragments, fragment)
      return subvolume(await load(format, url, isKept, signal), volume)
    },
    keep,
    stats: () => kept.stats(),
  }
}

const imageBytes = ({ data }: Image) => data.byteLength

/** The format that siibra takes for voxels; NOT_AVAILABLE where the volume is a surface only. */
function imageFormatOf({ providers, name }: Volume): ImageFormat {
  const format = IMAGE_FORMATS.find((candidate) => providers[candidate])
  if (format) return format
  const formats = Object.keys(providers) as VolumeFormat[]
  const which = name ? `The volume '${name}'` : 'The volume'
  throw new SiibraError('NOT_AVAILABLE', `${which} has no voxels, only ${formats.join(', ') || 'unknown formats'}`, {
    formats,
  })
}

function selectFragment(fragments: [name: string, url: string][], fragment: string | null): string {
  const fitting = fragments.filter(([name]) => name.toLowerCase().includes((fragment ?? '').toLowerCase()))
  if (fitting.length === 1) return fitting[0]![1]
  const names = fragments.map(([name]) => name)
  throw new SiibraError('INVALID_PARAMETER', `Fragment '${fragment}' is not one of ${names.join(', ')}`, {
    parameter: 'fragment',
    allowed: names,
  })
}

/** A fourth axis of length 1 says nothing. */
function withoutSingleVolume(image: Image): Image {
  return image.shape.length > 3 && image.shape.slice(3).every((size) => size === 1)
    ? { ...image, shape: image.shape.slice(0, 3) }
    : image
}

/** The 3D part that the volume stands for, as a view; the image itself for a 3D volume. */
function subvolume(image: Image, { z, name }: Volume): Image {
  if (z === null) return image
  const shape = image.shape.slice(0, 3)
  const size = shape.reduce((product, length) => product * length, 1)
  const count = image.data.length / size
  if (!(z >= 0 && z < count)) {
    throw new SiibraError(
      'BAD_DATA',
      `Volume ${z} is asked of '${name}', which has ${count} of ${shape.join(' x ')} voxels`,
    )
  }
  return { ...image, shape, data: image.data.subarray(z * size, (z + 1) * size) }
}
