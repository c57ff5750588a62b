import { createRetrieval, type Retrieval } from '../../../../src/siibra/index.ts'

/** Where the files of these tests lie. */
export const BASE = 'https://example.org/'

/** Files by their path below `BASE`, and those that were read, in order. */
export function sourceOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const reads: string[] = []
  const get = async (key: string) => {
    const name = key.slice('example.org/'.length)
    reads.push(name)
    const file = files[name]
    return typeof file === 'string' ? new TextEncoder().encode(file) : file
  }
  const retrieval: Retrieval = createRetrieval({ mirror: { get }, offline: true })
  return { retrieval, reads }
}
