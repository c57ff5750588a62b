/** Many volumes, or the volumes of one file, voxel after voxel: each file is read once, whatever its size. */
import type { Retrieval } from '../retrieval/retrieval.ts'
import { throwIfAborted } from '../retrieval/upstream-errors.ts'
import { verified } from '../retrieval/verified.ts'
import { createSlices } from '../slices.ts'
import type { Image } from './image.ts'
import { badData } from './inflate.ts'
import { type NiftiStream, openNifti, type SeeVoxels } from './nifti/stream.ts'
import { fileBytes, requireVolume, type StreamedFormat } from './providers.ts'

/** What a volume is, without its voxels. */
export type VolumeHead = Pick<Image, 'shape' | 'voxelToWorldMm'>

/** Sees one volume. */
export interface VolumeVisitor {
  /** Where its voxels lie; three axes. */
  begin(head: VolumeHead): void
  /** The voxels in order; stretches of 0 may be left out. `values` are good until it returns. */
  see: SeeVoxels
}

export interface ScanOptions {
  signal: AbortSignal
  /** Hears of each volume that has been seen. */
  onVolume?: ((number: number) => void) | undefined
  /** Takes what is wrong with a file, so that the others are read all the same; else the scan ends with it. */
  onFailure?: ((thrown: unknown, numbers: readonly number[]) => void) | undefined
}

/** A file of which some volumes are wanted. */
export interface ScannedFile {
  format: StreamedFormat
  url: string
  parts: ScannedPart[]
}

/** One volume of a file, and the numbers under which the caller knows it. */
export interface ScannedPart {
  z: number | null
  numbers: number[]
}

/** Files that are fetched ahead of the one that is read. */
const READ_AHEAD = 6

/** One file after the other. A file that cannot be decoded is fetched anew once; what sees its volumes is then made anew, too. */
export async function scanFiles(
  retrieval: Retrieval,
  files: readonly ScannedFile[],
  visit: (number: number) => VolumeVisitor,
  options: ScanOptions,
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const slices = createSlices(signal)
  const scan = (file: ScannedFile, turn: Promise<void>) =>
    verified(retrieval, async (reads) => {
      const bytes = await fileBytes(file.format, file.url, { retrieval: reads, signal })
      await turn
      throwIfAborted(signal)
      const stream = await openNifti([bytes], { source: file.url, slices })
      await scanParts(stream, file, visit, options).finally(() => stream.close())
    })
  const tolerate = (thrown: unknown, { parts }: ScannedFile) => {
    if (options.signal.aborted || !options.onFailure) throw thrown
    const numbers = parts.flatMap((part) => part.numbers)
    options.onFailure(thrown, numbers)
  }
  const underWay: Promise<void>[] = []
  let turn = Promise.resolve()
  try {
    for (const file of files) {
      const read = scan(file, turn).catch((thrown) => tolerate(thrown, file))
      turn = read.catch(() => {})
      underWay.push(read)
      if (underWay.length > READ_AHEAD) await underWay.shift()
    }
    for (const read of underWay) await read
  } catch (thrown) {
    failed.abort()
    throw thrown
  }
}

/** Volumes of one file in the order in which they come; ends when the last of them has passed. */
async function scanParts(
  stream: NiftiStream,
  { url, parts }: ScannedFile,
  visit: (number: number) => VolumeVisitor,
  { onVolume }: ScanOptions,
): Promise<void> {
  const { header, volumeVoxels, volumes } = stream
  const head = { shape: header.shape.slice(0, 3), voxelToWorldMm: header.voxelToWorldMm }
  let passed = 0
  for (const { numbers, z } of [...parts].sort((a, b) => (a.z ?? 0) - (b.z ?? 0))) {
    if (z === null && volumes > 1)
      throw badData(
        url,
        `${volumes} volumes of ${header.shape.slice(0, 3).join(' x ')} voxels, and the configuration does not say which (z)`,
      )
    requireVolume(header.shape, z ?? 0, url)
    await stream.skip(((z ?? 0) - passed) * volumeVoxels)
    const visitors = numbers.map(visit)
    for (const visitor of visitors) visitor.begin(head)
    await stream.scan(volumeVoxels, (values, at) => {
      for (const visitor of visitors) visitor.see(values, at)
    })
    passed = (z ?? 0) + 1
    for (const number of numbers) onVolume?.(number)
  }
  if (passed === volumes) await stream.finish()
}

/** A volume that is in memory, or has to be. */
export function visitImage(image: Image, visitor: VolumeVisitor): void {
  if (image.shape.length > 3)
    throw badData('The volume', `${image.shape.join(' x ')} voxels, and the configuration does not say which (z)`)
  visitor.begin({ shape: image.shape.slice(0, 3), voxelToWorldMm: image.voxelToWorldMm })
  visitor.see(image.data, 0)
}
