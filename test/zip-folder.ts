import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** All files below a folder, by their paths in it. */
export function filesOf(folder: string): [path: string, bytes: Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path), readFileSync(path)])
}

/** A zip archive of a folder. */
export function zipFolder(folder: string): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, bytes] of filesOf(folder)) zip.addBuffer(bytes, path)
  zip.end()
  return buffer(zip.outputStream as NodeJS.ReadableStream)
}
