import { createHash } from 'node:crypto'
import type { ConfigurationFiles } from './source/files.ts'

/**
 * A hash of all files of configurations and of the data beside them, the same wherever they lie and however they are packed. Reads
 * everything: `pause` is waited for between files, so that whoever calls it can do other things.
 */
export async function fingerprintOf(
  configurations: readonly ConfigurationFiles[],
  pause: () => Promise<unknown> = async () => {},
): Promise<string> {
  const hash = createHash('sha256')
  for (const files of configurations) {
    for (const path of (await files.list()).sort()) {
      const bytes = await files.read(path)
      hash.update(`${path}\n${bytes.byteLength}\n`).update(bytes)
      await pause()
    }
    for (const path of ((await files.listData?.()) ?? []).sort()) {
      const bytes = await files.data?.get(path)
      if (!bytes) continue
      hash.update(`${path}\n${bytes.byteLength}\n`).update(bytes)
      await pause()
    }
  }
  return hash.digest('hex').slice(0, 16)
}
