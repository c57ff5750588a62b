/** Names of files as BIDS and TemplateFlow build them, and which table belongs to which volume (the inheritance principle). */
import { dirname } from 'node:path/posix'

export interface BidsName {
  /** `atlas` -> `Schaefer2018`, in the order of the name. */
  entities: Map<string, string>
  /** `dseg`, `probseg`, `T1w` ... */
  suffix: string
  extension: string
}

/** undefined where the name is not built of `key-value` parts and a suffix (which may stand alone: `dseg.tsv`). */
export function parseBidsName(file: string): BidsName | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const dot = name.indexOf('.')
  if (dot < 0) return undefined
  const parts = name.slice(0, dot).split('_')
  const suffix = parts.pop()
  if (suffix === undefined || !/^[A-Za-z0-9]+$/.test(suffix)) return undefined
  const entities = new Map<string, string>()
  for (const part of parts) {
    const [, key, value] = /^([A-Za-z]+)-([A-Za-z0-9+.]+)$/.exec(part) ?? []
    if (key === undefined || value === undefined) return undefined
    entities.set(key, value)
  }
  return { entities, suffix, extension: name.slice(dot) }
}

/**
 * The table that a volume inherits: in its own folder or one above it, with the same suffix, and none of its entities different or absent
 * in the volume's name. The nearest and most special counts.
 */
export function inheritedTable<T extends { file: string }>(volume: string, tables: readonly T[]): T | undefined {
  const own = parseBidsName(volume)
  if (!own) return undefined
  const fitting = tables.flatMap((table) => {
    const name = parseBidsName(table.file)
    if (name?.suffix !== own.suffix) return []
    const folder = dirname(table.file)
    const isAbove = folder === '.' || volume.startsWith(`${folder}/`)
    const isInherited = isAbove && [...name.entities].every(([key, value]) => own.entities.get(key) === value)
    return isInherited ? [{ table, depth: table.file.split('/').length, entities: name.entities.size }] : []
  })
  const [nearest] = fitting.sort((a, b) => b.depth - a.depth || b.entities - a.entities)
  return nearest?.table
}
