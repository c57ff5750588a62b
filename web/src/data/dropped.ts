import { signal } from '@preact/signals'
import { openPane, ownImage } from '../state/shown.ts'
import { parseTable, pointColumns, type TextTable, valueColumns } from './csv.ts'

/** What somebody has brought: an image, points, or values by region. */
export type Dropped =
  | { kind: 'image'; name: string; content: Blob }
  | { kind: 'points'; name: string; table: TextTable }
  | { kind: 'values'; name: string; table: TextTable }

export const dropped = signal<Dropped | undefined>(undefined)
/** Why a file is of no use here. */
export const refusal = signal('')

/** Images beyond it would take the memory of the browser. */
export const LARGEST_DRAWN_BYTES = 300e6

/** Larger tables are no tables of points or regions, and would stop the page while they are read. */
const LARGEST_TABLE_BYTES = 64e6

export async function take(file: File): Promise<void> {
  openPane('data')
  refusal.value = ''
  if (/\.nii(\.gz)?$/i.test(file.name)) {
    dropped.value = { kind: 'image', name: file.name, content: file }
    // larger ones are sent all the same
    if (file.size <= LARGEST_DRAWN_BYTES) ownImage.value = { name: file.name, file: await file.arrayBuffer() }
    return
  }
  if (!/\.(csv|tsv|txt)$/i.test(file.name) || file.size > LARGEST_TABLE_BYTES) {
    refusal.value = `${file.name} is neither an image (.nii, .nii.gz) nor a table (.csv, .tsv, .txt up to 64 MB).`
    return
  }
  takeText(await file.text(), file.name)
}

/** Text that is a table of points or of values by region. */
export function takeText(text: string, name: string): void {
  refusal.value = ''
  const table = parseTable(text)
  if (pointColumns(table)) dropped.value = { kind: 'points', name, table }
  else if (valueColumns(table)) dropped.value = { kind: 'values', name, table }
  else
    refusal.value = `${name} holds neither points (columns x, y, z in mm) nor values (a column with names of regions, and one with numbers).`
}
