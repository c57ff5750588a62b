/** What can be said of the files alone, before they are understood. */
import { type ConfigurationFiles, createKey } from '../siibra/index.ts'
import type { Findings } from './findings.ts'

export const FOLDERS = ['atlases', 'spaces', 'parcellations', 'maps', 'features'] as const

export interface RawFile {
  path: string
  spec: Record<string, unknown>
}

/** Every JSON object of the configuration; what is none is told by the loader. */
export async function readRawFiles(files: ConfigurationFiles): Promise<RawFile[]> {
  const raw: RawFile[] = []
  for (const path of (await files.list()).sort()) {
    if (!FOLDERS.some((folder) => path.startsWith(`${folder}/`))) continue
    try {
      const spec: unknown = JSON.parse(new TextDecoder().decode(await files.read(path)))
      if (typeof spec === 'object' && spec !== null && !Array.isArray(spec))
        raw.push({ path, spec: spec as RawFile['spec'] })
    } catch {}
  }
  return raw
}

/** Ids and names that two files of one kind have. */
export function checkDuplicates(raw: readonly RawFile[], findings: Findings): void {
  for (const folder of FOLDERS) {
    const ids = new Map<string, string>()
    const names = new Map<string, string>()
    for (const { path, spec } of raw.filter((file) => file.path.startsWith(`${folder}/`))) {
      const { '@id': id, name } = spec
      if (typeof id === 'string') {
        const other = ids.get(id)
        if (other !== undefined && folder !== 'features')
          findings.error(path, '@id', `'${id}' is also that of ${other}, which is left out`)
        else if (other !== undefined) findings.warn(path, '@id', `'${id}' is also that of ${other}`)
        ids.set(id, path)
      }
      if (typeof name === 'string' && folder !== 'features' && folder !== 'maps') {
        const key = createKey(name)
        const other = names.get(key)
        if (other !== undefined)
          findings.warn(path, 'name', `'${name}' is also that of ${other}: look-ups by name find one of them`)
        names.set(key, path)
      }
    }
  }
}
