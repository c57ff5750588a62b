/** Volumes of the configuration, and files that are not in a network. */
import type { Volume } from '../../../src/siibra/core/types.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'

export const volumeOf = (providers: Volume['providers'], z: number | null = null): Volume => ({
  name: 'a volume',
  variant: null,
  spaceId: null,
  providers,
  datasets: [],
  z,
})

/** A retrieval that says what was asked of it. */
export function recording(files: Record<string, Uint8Array>, wait: (key: string) => Promise<void> = async () => {}) {
  const asked: string[] = []
  let [now, most] = [0, 0]
  const read = async (key: string) => {
    asked.push(key)
    most = Math.max(most, ++now)
    await wait(key)
    now--
    return files[key]
  }
  const retrieval = standInRetrieval({
    bytes: read,
    zipMember: (url: string, member: string) => read(`${url}!${member}`),
    store: { get: read },
  })
  return { asked, retrieval, mostAtOnce: () => most }
}
