import { SiibraError } from '../../errors.ts'

/**
 * One file that is not there (any more), or that nothing names, must not make a listing fail: `undefined` stands for
 * what it would have told. Sources that are away stay errors: asked again, they may answer.
 */
export async function unlessMissing<T>(load: Promise<T>): Promise<T | undefined> {
  try {
    return await load
  } catch (error) {
    const isMissing = error instanceof SiibraError && (error.details.status === 404 || error.code === 'NOT_AVAILABLE')
    if (isMissing) return undefined
    throw error
  }
}
