import type { Volume } from '../core/types.ts'
import { IMAGE_FORMATS, type ImageFormat } from '../core/volume-formats.ts'
import { SiibraError } from '../errors.ts'

/** Whether another provider of the same voxels may be of use: the first one is away, lacks the file, or has sent what cannot be read. */
export const isAwayOrUnreadable = (thrown: unknown): boolean =>
  thrown instanceof SiibraError &&
  ['UPSTREAM_UNAVAILABLE', 'BAD_DATA', 'UNSUPPORTED', 'NOT_FOUND'].includes(thrown.code)

/**
 * Reads the voxels of a volume from the first of its providers that can be read. What the first one said is thrown where none can, or where
 * it is the request that is wrong.
 * @param order Formats, preferred ones first; those that the volume has not are passed over.
 */
export async function fromAnyProvider<T>(
  volume: Volume,
  read: (volume: Volume, format: ImageFormat) => Promise<T>,
  order: readonly ImageFormat[] = IMAGE_FORMATS,
): Promise<T> {
  const formats = order.filter((format) => volume.providers[format])
  let first: unknown
  for (const format of formats) {
    try {
      return await read({ ...volume, providers: { [format]: volume.providers[format]! } }, format)
    } catch (thrown) {
      first ??= thrown
      if (!isAwayOrUnreadable(thrown)) throw thrown
    }
  }
  if (first !== undefined) throw first
  const which = volume.name ? `The volume '${volume.name}'` : 'The volume'
  const offered = Object.keys(volume.providers)
  throw new SiibraError('NOT_AVAILABLE', `${which} has no voxels, only ${offered.join(', ') || 'unknown formats'}`, {
    formats: offered,
  })
}
