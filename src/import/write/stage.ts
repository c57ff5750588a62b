/** Writes a folder all at once: beside its place first, then moved there. */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { badFlag } from '../errors.ts'
import type { PlannedFile } from '../types.ts'

/** Throws where there is something already. Called before anything is read, so that nobody waits in vain. */
export async function requireFree(out: string): Promise<void> {
  const entries = await readdir(out).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return []
    throw badFlag('--out', `${out} cannot be used: ${thrown.message}`)
  })
  if (entries.length > 0)
    throw badFlag('--out', `${out} is there already, and not empty. Name a new folder, or remove it`)
}

/** Nothing is left behind where one of the files cannot be made. */
export async function writeFolder(out: string, files: readonly PlannedFile[]): Promise<void> {
  const target = resolve(out)
  await mkdir(dirname(target), { recursive: true })
  const staged = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}`)
  try {
    for (const { path, bytes } of files) {
      const place = join(staged, path)
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, await bytes())
    }
    await rmdir(target).catch(() => {})
    await rename(staged, target)
  } catch (thrown) {
    await rm(staged, { recursive: true, force: true })
    throw thrown
  }
}
