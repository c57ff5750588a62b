/** NIfTI images that clients send: bounded, checked, and whatever is wrong with them is the client's matter (422). */
import {
  type BoxMm,
  boxOfGrid,
  createSlices,
  determinantOf,
  doGridsMeet,
  type Grid,
  type Image,
  type NiftiStream,
  openNifti,
  SiibraError,
} from '../../siibra/index.ts'
import { bodyError, streamOf } from '../../tasks/answer/body.ts'
import { DEFAULT_LIMITS, type TaskLimits } from '../../tasks/limits.ts'
import type { HandlerContext } from '../../tasks/task.ts'
import { firstFileOf } from './multipart-body.ts'

/** An image of one or several volumes, which are read one after the other. */
export interface SentImage {
  grid: Grid
  volumes: number
  /** What one volume takes as numbers. */
  volumeBytes: number
  /** The next volume. */
  read(): Promise<Image>
  /** After the last: compares the checksum. */
  finish(): Promise<void>
  close(): void
}

/** Opens the image of a request. Throws INVALID_PARAMETER for what is no image of three or four axes, or too large. */
export async function openImageBody(context: HandlerContext): Promise<SentImage> {
  const body = streamOf(context)
  const chunks = body.mediaType === 'multipart/form-data' ? firstFileOf(body) : body.chunks()
  const stream = await asBodyErrors(() =>
    openNifti(chunks, { source: 'The image', slices: createSlices(context.signal) }),
  )
  try {
    return describe(stream, context.limits ?? DEFAULT_LIMITS)
  } catch (thrown) {
    stream.close()
    throw thrown
  }
}

function describe(stream: NiftiStream, limits: TaskLimits): SentImage {
  const { header, volumeVoxels, volumes } = stream
  const shape = header.shape.slice(0, 3)
  const { voxelToWorldMm } = header
  if (!(Math.abs(determinantOf(voxelToWorldMm)) > 1e-12))
    throw bodyError('The affine of the image cannot be inverted: its voxels have no volume')
  const bytesPerVoxel = header.scaling ? 8 : header.dataBytes / volumeVoxels / volumes
  const volumeBytes = volumeVoxels * bytesPerVoxel
  if (volumeBytes > limits.volumeBytes || header.dataBytes > limits.inflatedBytes || volumes > limits.volumes) {
    const bounds = `${limits.volumeBytes} bytes a volume, ${limits.inflatedBytes} in all, ${limits.volumes} volumes`
    throw bodyError(`${header.shape.join(' x ')} voxels are too many: ${bounds} at most`, { allowed: bounds })
  }
  return {
    grid: { shape, voxelToWorldMm },
    volumes,
    volumeBytes,
    async read() {
      const voxels = await asBodyErrors(() => stream.read(volumeVoxels))
      return { ...voxels, shape, voxelToWorldMm }
    },
    finish: () => asBodyErrors(async () => void (await stream.finish())),
    close: () => stream.close(),
  }
}

/** The only volume of the image of a request, which has at least one value beside 0. */
export async function readImageBody(context: HandlerContext): Promise<Image> {
  const sent = await openImageBody(context)
  try {
    if (sent.volumes > 1)
      throw bodyError(`The image has ${sent.volumes} volumes: one is expected (\`POST /map/values\` takes several)`)
    const image = await sent.read()
    await sent.finish()
    requireSomething([describeValues(image)])
    return image
  } finally {
    sent.close()
  }
}

/** What an image holds: a value beside 0, no number at all, or only 0. */
export type Content = 'values' | 'nothing but NaN' | 'nothing but 0'

export function describeValues({ data }: Image): Content {
  let isEveryNaN = true
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!
    if (value !== 0 && Number.isFinite(value)) return 'values'
    if (!Number.isNaN(value)) isEveryNaN = false
  }
  return isEveryNaN ? 'nothing but NaN' : 'nothing but 0'
}

/** Refuses an image that says nothing. */
export function requireSomething(contents: readonly Content[]): void {
  if (contents.includes('values')) return
  const what = contents.every((content) => content === 'nothing but NaN') ? 'nothing but NaN' : 'nothing but 0'
  throw bodyError(`The image holds ${what}`)
}

/** Refuses an image that lies wholly beside all of the grids of a map, and says where both lie. */
export function requireMeeting(image: Grid, grids: readonly Grid[], ofWhat: string): void {
  if (grids.length === 0 || grids.some((grid) => doGridsMeet(image, grid))) return
  const [imageBox, mapBox] = [boxOfGrid(image), boxOfGrid(grids[0] as Grid)]
  throw bodyError(
    `The image lies wholly outside of ${ofWhat}: it has ${boxText(imageBox)}, the map ${boxText(mapBox)}; is it in another space?`,
    { image_box_mm: cornersOf(imageBox), map_box_mm: cornersOf(mapBox) },
  )
}

const cornersOf = ({ minMm, maxMm }: BoxMm) => [minMm, maxMm]
const boxText = ({ minMm, maxMm }: BoxMm) => {
  const ranges = minMm.map((low, axis) => `${'xyz'[axis]} ${round(low)} to ${round(maxMm[axis] as number)}`)
  return `${ranges.join(', ')} mm`
}
const round = (mm: number) => Math.round(mm * 100) / 100

/** Faults of the file are the sender's. */
async function asBodyErrors<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (thrown) {
    const isOfFile = thrown instanceof SiibraError && (thrown.code === 'BAD_DATA' || thrown.code === 'UNSUPPORTED')
    if (!isOfFile) throw thrown
    throw bodyError(thrown.message)
  }
}
