import { readFile } from 'node:fs/promises'
import type { Retrieval } from '../retrieval.ts'
import { createMemoryStore } from '../stores/memory-store.ts'
import { required } from '../upstream-errors.ts'
import { openZipArchive } from '../zip/zip-archive.ts'
import { type Repository, selectPaths } from './repository.ts'

/** Members of a remote zip archive, each read by ranges where the server allows them. */
export function createZipRepository(url: string, retrieval: Retrieval): Repository {
  return {
    name: url,
    async list(folder, options = {}) {
      return selectPaths(required(await retrieval.zipMembers(url, { signal: options.signal }), url), folder, options)
    },
    read: (path, read) => retrieval.zipMember(url, path, read),
  }
}

/** Members of a zip archive on this machine. */
export function createLocalZipRepository(file: string): Repository {
  const opened = readFile(file).then(async (bytes) =>
    required(await openZipArchive(createMemoryStore(new Map([[file, bytes]])), file), file),
  )
  opened.catch(() => {})
  return {
    name: file,
    list: async (folder, options) => selectPaths([...(await opened).entries.keys()], folder, options),
    read: async (path, read) => (await opened).read(path, read),
  }
}
