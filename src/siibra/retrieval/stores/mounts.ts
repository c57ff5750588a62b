import { cutRange } from './byte-range.ts'
import type { ByteRange, ReadOptions, Store } from './store.ts'

const SCHEME = 'configuration://'

/** Stores that are asked for what lies below addresses of their own. */
export interface Mounts {
  /** Takes a store in; its files lie below the address that is returned. A name that is taken gets a number. */
  mount(name: string, files: Store): string
  /** Asks the mounted stores for what has their addresses, `others` for the rest. */
  before(others: Store): Store
}

/** Files that lie beside a configuration, by addresses of the form `configuration://<name>/<path>`. */
export function createMounts(): Mounts {
  const mounted = new Map<string, Store>()

  /** The store that an address is of, and its key there; undefined for other addresses. */
  function findOwn(address: string): { store: Store; key: string } | undefined {
    if (!address.startsWith(SCHEME)) return undefined
    const slash = address.indexOf('/', SCHEME.length)
    const end = slash < 0 ? address.length : slash
    return { store: mounted.get(address.slice(SCHEME.length, end)) ?? EMPTY, key: address.slice(end + 1) }
  }

  return {
    mount(name, files) {
      const plain = name.replace(/[^\w.-]+/g, '-') || 'files'
      let free = plain
      for (let n = 2; mounted.has(free); n++) free = `${plain}-${n}`
      mounted.set(free, files)
      return `${SCHEME}${free}/`
    },
    before: (others) => ({
      async get(address: string, options?: ReadOptions) {
        const own = findOwn(address)
        return own ? own.store.get(own.key, options) : others.get(address, options)
      },
      async getRange(address: string, range: ByteRange, options?: ReadOptions) {
        const own = findOwn(address)
        if (own?.store.getRange) return own.store.getRange(own.key, range, options)
        if (!own && others.getRange) return others.getRange(address, range, options)
        const whole = await (own ? own.store.get(own.key, options) : others.get(address, options))
        return whole && cutRange(whole, range)
      },
      async stat(address: string, options?: ReadOptions) {
        const own = findOwn(address)
        if (own?.store.stat) return own.store.stat(own.key, options)
        if (!own && others.stat) return others.stat(address, options)
        const whole = await (own ? own.store.get(own.key, options) : others.get(address, options))
        return whole && { sizeBytes: whole.byteLength }
      },
    }),
  }
}

const EMPTY: Store = { get: async () => undefined }
