import { SiibraError } from '../errors.ts'

/** A volume of a map that could not be read: it costs the regions that it draws, not the others. */
export interface MissingVolume {
  volume: number
  error: SiibraError
}

/** What an answer lacks for want of a volume. */
export interface MapGap {
  /** Names of the regions that the volume draws. */
  regions: readonly string[]
  message: string
  /** Whether it may be there when asked again. */
  isTemporary: boolean
}

/** Whether a failure is one of a single file: away, gone, broken, or of a kind that is not read. What it is, or undefined. */
export function fileFailure(thrown: unknown): SiibraError | undefined {
  if (!(thrown instanceof SiibraError)) return undefined
  return ['UPSTREAM_UNAVAILABLE', 'BAD_DATA', 'UNSUPPORTED'].includes(thrown.code) ? thrown : undefined
}
