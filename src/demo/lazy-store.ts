import type { Store } from '../siibra/retrieval/store.ts'
import type { DemoPart } from './part.ts'

/**
 * Objects that are computed when they are first read, then kept. Bytes are handed out as copies, since readers may
 * transfer what they get to another thread.
 */
export function createLazyStore(objects: DemoPart['objects']): Store {
  const made = new Map<string, Promise<Uint8Array>>()

  async function find(key: string): Promise<Uint8Array | undefined> {
    if (!Object.hasOwn(objects, key)) return undefined
    let bytes = made.get(key)
    if (!bytes) {
      bytes = Promise.resolve(objects[key]!())
      made.set(key, bytes)
    }
    return bytes
  }

  return {
    async get(key) {
      const bytes = await find(key)
      return bytes && Uint8Array.from(bytes)
    },
    async getRange(key, range) {
      const bytes = await find(key)
      if (!bytes) return undefined
      if ('suffixLength' in range) return bytes.slice(Math.max(0, bytes.length - range.suffixLength))
      return bytes.slice(range.offset, range.offset + range.length)
    },
    async stat(key) {
      const bytes = await find(key)
      return bytes && { sizeBytes: bytes.length }
    },
  }
}
