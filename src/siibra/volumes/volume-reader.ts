import type { Volume } from '../core/types.ts'
import { type ByteBoundedCache, createByteBoundedCache } from '../retrieval/cache/byte-bounded-cache.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { verified } from '../retrieval/verified.ts'
import { createLimiter } from '../retrieval/wrappers/with-concurrency-limit.ts'
import { createSlices, runInSlices } from '../slices.ts'
import type { Image } from './image.ts'
import { createMemoryBudget } from './memory.ts'
import { commonGrid, mergeSteps } from './merge.ts'
import { openNifti } from './nifti/stream.ts'
import { fileBytes, isStreamed, PROVIDERS } from './providers.ts'
import { isSentAsWritten } from './volume-file.ts'
import {
  type ScannedFile,
  type ScanOptions,
  scanFiles,
  type VolumeHead,
  type VolumeVisitor,
  visitImage,
} from './volume-scan.ts'
import { locateVoxels, type Source } from './volume-source.ts'

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
  /** Where the voxels of a volume lie, by what is written of it where that is enough. */
  fetchGrid(volume: Volume, options?: FetchOptions): Promise<VolumeHead>
  /** The file of a volume as it was sent, where it is what would be written of its image (`isSentAsWritten`); else undefined. */
  fetchFile(volume: Volume, options?: FetchOptions): Promise<Uint8Array | undefined>
  /** Waits for memory for a computation; gives what frees it. What is kept makes room. */
  takeMemory(bytes: number, signal?: AbortSignal): Promise<() => void>
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
  const memory = createMemoryBudget(maxCachedBytes)
  let tickets = 0

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

  /** What is computed counts, too: older volumes go before the new one comes. */
  async function takeMemory(bytes: number, signal?: AbortSignal): Promise<() => void> {
    const free = await memory.take(bytes, signal)
    const ticket = `computing ${tickets++}`
    kept.set(ticket, { value: {}, bytes: Math.min(bytes, maxCachedBytes) })
    return () => {
      kept.delete(ticket)
      free()
    }
  }

  async function readWithinBudget({ format, url, z }: Source, signal: AbortSignal): Promise<Image> {
    let free = () => {}
    const reserve = async (bytes: number) => {
      free()
      free = await takeMemory(bytes, signal)
    }
    try {
      const image = await verified(retrieval, (reads) =>
        PROVIDERS[format](url, z, { retrieval: reads, maxBytes: maxVolumeBytes, signal, reserve }),
      )
      return withoutSingleVolume(image)
    } finally {
      free()
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
    const { format, urls } = locateVoxels(volume, fragment)
    const [url, ...others] = urls
    if (others.length === 0) return load({ format, url: url!, z: volume.z }, isKept, signal)
    const merge = async (shared?: AbortSignal) => {
      const images = await Promise.all(urls.map((part) => load({ format, url: part, z: volume.z }, false, shared)))
      return runInSlices(mergeSteps(images), createSlices(shared))
    }
    const key = `merged ${format} ${volume.z ?? ''} ${urls.join(' ')}`
    return isKept ? keep(key, imageBytes, merge, signal) : merge(signal)
  }

  async function headOf(source: Source, signal?: AbortSignal): Promise<VolumeHead> {
    const { format, url } = source
    if (!isStreamed(format)) return load(source, true, signal)
    const read = async (shared: AbortSignal) => {
      const stream = await verified(retrieval, async (reads) =>
        openNifti([await fileBytes(format, url, { retrieval: reads, signal: shared })], {
          source: url,
          slices: createSlices(shared),
        }),
      )
      stream.close()
      return { shape: stream.header.shape.slice(0, 3), voxelToWorldMm: stream.header.voxelToWorldMm }
    }
    return keep(`grid ${format} ${url}`, () => HEAD_BYTES, read, signal)
  }

  return {
    fetchImage,
    async fetchGrid(volume, { fragment = null, signal } = {}) {
      const { format, urls } = locateVoxels(volume, fragment)
      const heads = await Promise.all(urls.map((url) => headOf({ format, url, z: volume.z }, signal)))
      return heads.length === 1 ? heads[0]! : commonGrid(heads)
    },
    async fetchFile(volume, { fragment = null, signal } = {}) {
      const { format, urls } = locateVoxels(volume, fragment)
      const [url, ...others] = urls
      if (others.length > 0 || !isStreamed(format)) return undefined
      const read = (shared: AbortSignal) =>
        verified(retrieval, async (reads) => {
          const bytes = await fileBytes(format, url!, { retrieval: reads, signal: shared })
          return { bytes: (await isSentAsWritten(bytes, url!, shared)) ? bytes : undefined }
        })
      const sizeOf = ({ bytes }: { bytes: Uint8Array | undefined }) => HEAD_BYTES + (bytes?.length ?? 0)
      return (await keep(`file ${format} ${url}`, sizeOf, read, signal)).bytes
    },
    takeMemory,
    async scan(volumes, visit, { fragment = null, ...options }) {
      const files = new Map<string, ScannedFile>()
      for (const [number, volume] of volumes.entries()) {
        const { format, urls } = locateVoxels(volume, fragment)
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

/** About what a grid takes in memory. */
const HEAD_BYTES = 256

const imageBytes = ({ data }: Image) => data.byteLength

/** A fourth axis of length 1 says nothing. */
function withoutSingleVolume(image: Image): Image {
  return image.shape.slice(3).every((size) => size === 1) ? { ...image, shape: image.shape.slice(0, 3) } : image
}
