import type { Store } from '../siibra/index.ts'
import { cutRange } from '../siibra/index.ts'
import type { DemoPart } from './part.ts'

/**
 * Objects that are computed when they are first read, then kept. Bytes are handed out as copies, since readers may
 * transfer what they get to another thread.
 */
export function createLazyStore(objects: DemoPart['objects']): Store {
  const made = new Map<string, Promise<Uint8Array>>()

  async function find(key: string): Promise<Uint8Array | undefined> {
    const make = Object.hasOwn(objects, key) ? objects[key] : undefined
    if (!make) return undefined
    let bytes = made.get(key)
    if (!bytes) {
      // a plain array: slices of a Buffer would share its memory
      bytes = Promise.resolve(make()).then((buffer) => Uint8Array.from(buffer))
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
      return bytes && cutRange(bytes, range)
    },
    async stat(key) {
      const bytes = await find(key)
      return bytes && { sizeBytes: bytes.length }
    },
  }
}
