/** How much the files that this service leaves in the shared folder take together: bundles, bodies of requests, large answers. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SiibraError } from '../../siibra/index.ts'
import { isAnswerFileName, isBodyName, isBundleName } from './file-names.ts'

/** A bundle that is not whole yet ends with `.part`. */
const isOurs = (name: string) => isBundleName(name.replace(/\.part$/, '')) || isBodyName(name) || isAnswerFileName(name)

/** A bundle of this age has been fetched, or is made again when it is asked for. */
const FETCHED_AFTER_MS = 600_000

/**
 * Sees to it that there is room for one more file: the oldest finished bundles go (those of ten minutes and more). Throws UNAVAILABLE where
 * all that is left is in use.
 */
export async function makeRoom(folder: string, maxBytes: number, nowMs = Date.now()): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter(isOurs)
  // another process may remove one meanwhile
  const looked = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)))
  const files = names.flatMap((name, at) => {
    const found = looked[at]
    return found ? [{ name, size: found.size, mtimeMs: found.mtimeMs }] : []
  })
  let bytes = files.reduce((sum, { size }) => sum + size, 0)
  const old = files.filter(({ name, mtimeMs }) => isBundleName(name) && nowMs - mtimeMs >= FETCHED_AFTER_MS)
  for (const { name, size } of old.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (bytes < maxBytes) return
    await rm(join(folder, name), { force: true })
    bytes -= size
  }
  if (bytes >= maxBytes)
    throw new SiibraError('UNAVAILABLE', 'There is no room for another file at the moment', { retryAfterS: 60 })
}
