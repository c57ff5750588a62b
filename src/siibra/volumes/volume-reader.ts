import type { Volume, VolumeFormat } from '../core/types.ts'
import { IMAGE_FORMATS, type ImageFormat } from '../core/volume-formats.ts'
import { SiibraError } from '../errors.ts'
import { type ByteBoundedCache, createByteBoundedCache } from '../retrieval/cache/byte-bounded-cache.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { verified } from '../retrieval/verified.ts'
import { createLimiter } from '../retrieval/wrappers/with-concurrency-limit.ts'
import type { Image } from './image.ts'
import { mergeImages } from './merge.ts'
import { isStreamed, PROVIDERS } from './providers.ts'
import { type ScannedFile, type ScanOptions, scanFiles, type VolumeVisitor, visitImage } from './volume-scan.ts'

export interface VolumeReaderOptions {
  retrieval: Retrieval
  /** How much all decoded volumes that are kept may take together. Default 512 MiB. */
  maxCachedBytes?: number
  /** Bound of one volume, inflated; more is BAD_DATA. Default 2 GiB. */
  maxVolumeBytes?: number
  /** Hears how far something is that takes long. */
  onProgress?: (message: string) => void
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
  /**
   * Shows volumes voxel by voxel, without holding any: each file is read once, in a pass that ends with the last volume that is wanted of it.
   * @param visit What sees the volume of that number.
   */
  scan(volumes: readonly Volume[], visit: (number: number) => VolumeVisitor, options: ReaderScanOptions): Promise<void>
  /** Something made of volumes, kept among them within the same bound (a sparse index ...). */
  keep<T extends object>(
    key: string,
    sizeOf: (value: T) => number,
    make: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>
  /** Tells the log how far something is that takes long. */
  report(message: string): void
  /** What is kept under a key of `keep`, where it is. */
  peek(key: string): object | undefined
  /** Lets go of something that is kept. */
  forget(key: string): void
  /** Bytes and entries of the decoded volumes that are kept, hits and misses. */
  stats(): ReturnType<ByteBoundedCache<Kept>['stats']>
}

interface Kept {
  value: object
  bytes: number
}

export interface ReaderScanOptions extends ScanOptions {
  /** Name of a fragment, or a part of it that fits one alone; all merged where it is left out. */
  fragment?: string | null | undefined
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
  async function readWithinBudget({ format, url, z }: Source, signal: AbortSignal): Promise<Image> {
    const ticket = `reading ${reads++}`
    const reserve = async (bytes: number) => kept.set(ticket, { value: {}, bytes: Math.min(bytes, maxCachedBytes) })
    try {
      const image = await verified(retrieval, (reads) =>
        PROVIDERS[format](url, z, { retrieval: reads, maxBytes: maxVolumeBytes, signal, reserve }),
      )
      return withoutSingleVolume(image)
    } finally {
      kept.delete(ticket)
    }
  }

  const read = (source: Source, signal: AbortSignal) => limiter.run('', () => readWithinBudget(source, signal), signal)

  /** From what is kept, else read; kept from then on only where that is wanted. */
  const load = (source: Source, isKept: boolean, signal?: AbortSignal): Promise<Image> => {
    const key = `${source.format} ${source.url} ${source.z ?? ''}`
    if (isKept) return keep(key, imageBytes, (shared) => read(source, shared), signal)
    const known = kept.get(key)
    return known ? Promise.resolve(known.value as Image) : read(source, signal ?? new AbortController().signal)
  }

  async function fetchImage(
    volume: Volume,
    { fragment = null, signal, keep: isKept = true }: FetchOptions = {},
  ): Promise<Image> {
    const { format, urls } = locate(volume, fragment)
    const [url, ...others] = urls
    if (others.length === 0) return load({ format, url: url!, z: volume.z }, isKept, signal)
    const merge = async (shared?: AbortSignal) =>
      mergeImages(await Promise.all(urls.map((part) => load({ format, url: part, z: volume.z }, false, shared))))
    const key = `merged ${format} ${volume.z ?? ''} ${urls.join(' ')}`
    return isKept ? keep(key, imageBytes, merge, signal) : merge(signal)
  }

  return {
    fetchImage,
    async scan(volumes, visit, { fragment = null, ...options }) {
      const files = new Map<string, ScannedFile>()
      for (const [number, volume] of volumes.entries()) {
        const { format, urls } = locate(volume, fragment)
        const [url, ...others] = urls
        if (others.length > 0 || !isStreamed(format)) {
          visitImage(await fetchImage(volume, { fragment, signal: options.signal, keep: false }), visit(number))
          options.onVolume?.(number)
          continue
        }
        const key = `${format} ${url}`
        const file = files.get(key) ?? { format, url: url!, parts: [] }
        files.set(key, file)
        const part = file.parts.find(({ z }) => z === volume.z)
        if (part) part.numbers.push(number)
        else file.parts.push({ z: volume.z, numbers: [number] })
      }
      await scanFiles(retrieval, [...files.values()], visit, options)
    },
    keep,
    report: options.onProgress ?? (() => {}),
    peek: (key) => kept.get(key)?.value,
    forget: (key) => kept.delete(key),
    stats: () => kept.stats(),
  }
}

/** One file, or one volume of it. */
interface Source {
  format: ImageFormat
  url: string
  z: number | null
}

/** Where the voxels of a volume are: in one file, or in those of all its fragments. */
function locate(volume: Volume, fragment: string | null): { format: ImageFormat; urls: string[] } {
  const format = imageFormatOf(volume)
  const source = volume.providers[format]!
  if (typeof source === 'string') return { format, urls: [source] }
  const fragments = Object.entries(source)
  if (fragments.length > 1 && fragment === null) return { format, urls: fragments.map(([, url]) => url) }
  return { format, urls: [selectFragment(fragments, fragment)] }
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
