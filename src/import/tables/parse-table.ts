/** Any table of regions, told apart by what stands in it. */
import { badSource } from '../errors.ts'
import type { RegionTable } from '../types.ts'
import { parseDelimited } from './delimited.ts'
import { parseJsonTable } from './json.ts'
import { parseColourLut, parseFsleyes, parseItkSnap } from './lookup-tables.ts'
import { decodeText } from './text.ts'
import { parseXmlAtlas } from './xml.ts'

/** undefined where the file is no table of regions. Throws where it is one and is broken. */
export async function parseTable(bytes: Uint8Array, file: string): Promise<RegionTable | undefined> {
  if (bytes.length === 0)
    throw badSource(file, 'it is empty', 'Name the regions in it, or give another table with --table.')
  const decoded = decodeText(bytes)
  if (!decoded) return undefined
  const table = await parseText(decoded.text, file)
  if (!table) return undefined
  if (table.readings.every(({ rows }) => rows.length === 0))
    throw badSource(file, 'it names no region but the background')
  return decoded.note ? { ...table, notes: [...table.notes, decoded.note] } : table
}

function parseText(text: string, file: string): RegionTable | undefined | Promise<RegionTable | undefined> {
  const start = text.trimStart()
  if (start.startsWith('<')) return parseXmlAtlas(text, file)
  if (start.startsWith('{') || start.startsWith('[')) return parseJsonTable(text, file)
  return (
    parseItkSnap(text, file) ?? parseFsleyes(text, file) ?? parseColourLut(text, file) ?? parseDelimited(text, file)
  )
}

/** MRIcron's `.lut`: 256 values of red, then of green, then of blue. */
export function parseMricronColours(bytes: Uint8Array): Map<number, string> | undefined {
  if (bytes.length !== 768) return undefined
  const hex = Buffer.from(bytes).toString('hex')
  const at = (index: number) => hex.slice(2 * index, 2 * index + 2)
  return new Map(Array.from({ length: 256 }, (_, i) => [i, `#${at(i)}${at(256 + i)}${at(512 + i)}`]))
}
