/**
 * MRIcroGL keeps the names of an atlas within the NIfTI file: between header and voxels stand lines `index<TAB>name`, which the flag of
 * extensions does not announce (nibabel shows none).
 */
import type { RegionTable, TableRow } from '../types.ts'
import { toReading } from './rows.ts'

/** `bytes` are inflated. undefined where there is no such table. */
export function parseEmbeddedTable(bytes: Uint8Array, voxelsAtByte: number, file: string): RegionTable | undefined {
  if (voxelsAtByte <= 352 || bytes[348] !== 0) return undefined
  const block = bytes.subarray(352, voxelsAtByte)
  const end = block.indexOf(0)
  const text = new TextDecoder().decode(end < 0 ? block : block.subarray(0, end))
  const rows: TableRow[] = []
  for (const line of text.split(/\r?\n/)) {
    // what stands behind a second tab is no part of the name
    const [, label, name] = /^\s*(\d+)\t+([^\t]*[^\s])\s*(?:\t.*)?$/.exec(line) ?? []
    if (label !== undefined && name !== undefined) rows.push({ label: Number(label), name, line: null })
    else if (line.trim() !== '') return undefined
  }
  if (rows.length === 0) return undefined
  return {
    file,
    format: 'mricrogl',
    readings: [toReading('index', rows, file)],
    isTree: false,
    isShared: false,
    notes: [],
  }
}
