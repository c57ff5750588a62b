import { cutRange } from '../stores/byte-range.ts'
import type { Store } from '../stores/store.ts'
import { openZipArchive, type ZipArchive, type ZipArchiveOptions } from './zip-archive.ts'

/** The members of a zip archive that lies in another store; keys are member names. The directory is read once. */
export function createZipStore(source: Store, archiveKey: string, options: ZipArchiveOptions = {}): Store {
  let opened: Promise<ZipArchive | undefined> | undefined
  const archive = () => {
    opened ??= openZipArchive(source, archiveKey, options).catch((thrown) => {
      opened = undefined
      throw thrown
    })
    return opened
  }
  return {
    get: async (member, read) => (await archive())?.read(member, read),
    getRange: async (member, range, read) => {
      const bytes = await (await archive())?.read(member, read)
      return bytes && cutRange(bytes, range)
    },
    stat: async (member) => {
      const entry = (await archive())?.entries.get(member)
      return entry && { sizeBytes: entry.sizeBytes }
    },
  }
}
