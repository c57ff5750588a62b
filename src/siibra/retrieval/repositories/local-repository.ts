import { readdir } from 'node:fs/promises'
import { sep } from 'node:path'
import { createFolderStore } from '../stores/folder-store.ts'
import { type Repository, selectPaths } from './repository.ts'

/** Files of a folder; those that begin with `.` or `~` are left out of listings, as siibra-python does. */
export function createLocalRepository(folder: string): Repository {
  const store = createFolderStore(folder)
  return {
    name: folder,
    async list(below, options) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const paths = entries
        .filter((entry) => entry.isFile() && !/^[.~]/.test(entry.name))
        .map((entry) => `${entry.parentPath}${sep}${entry.name}`.slice(folder.replace(/[/\\]+$/, '').length + 1))
      return selectPaths(paths.map((path) => path.split(sep).join('/')).sort(), below, options)
    },
    read: (path, read) => store.get(path, read),
  }
}
