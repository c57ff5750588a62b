/** JSON tables: Allen's ontology, BrainGlobe's structures.json, neuroparc, lists of records, and plain objects of names. */
import { badSource } from '../errors.ts'
import type { RegionTable, TableRow } from '../types.ts'
import { tableOfRecords } from './delimited.ts'
import { checkTree, parseColour, parseWhole, toHex, toReading } from './rows.ts'

type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** undefined where the JSON is no table of regions. Throws where it is one and is broken. */
export function parseJsonTable(text: string, file: string): RegionTable | undefined {
  let json: unknown
  try {
    // Python writes NaN for what is missing
    json = JSON.parse(text.replace(/([[,:]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g, '$1null'))
  } catch (thrown) {
    throw badSource(file, `it is no JSON: ${(thrown as Error).message}`, 'Is the file complete?')
  }
  return (
    parseAllen(json, file) ??
    parseStructures(json, file) ??
    parseNeuroparc(json, file) ??
    parseRecords(json, file) ??
    parsePlainNames(json, file)
  )
}

/** Allen's ontology: `msg[0]` (or the root alone) with `children`; the image holds `id`, not `atlas_id`. */
function parseAllen(json: unknown, file: string): RegionTable | undefined {
  const roots = isObject(json) && Array.isArray(json.msg) ? json.msg : [json]
  const isNode = (node: unknown): node is Json & { id: number; name: string } =>
    isObject(node) && Number.isInteger(node.id) && typeof node.name === 'string'
  if (!roots.every((root) => isNode(root) && Array.isArray(root.children))) return undefined
  const rows: TableRow[] = []
  const stack: { node: unknown; parent: string | undefined }[] = []
  for (const node of roots.toReversed()) stack.push({ node, parent: undefined })
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, parent } = next
    if (!isNode(node)) throw badSource(file, `a structure below ${parent} has no id or no name`)
    const key = String(node.id)
    const children = Array.isArray(node.children) ? node.children : []
    rows.push({
      label: node.id,
      name: node.name,
      line: null,
      acronym: textOf(node.acronym)?.trim(),
      rgb: parseColour(textOf(node.color_hex_triplet) ?? ''),
      key,
      parent,
    })
    for (const child of children.toReversed()) stack.push({ node: child, parent: key })
  }
  // Allen's ontology 1 is that of the adult mouse
  const isMouse = roots.every((root) => isObject(root) && root.ontology_id === 1)
  return { ...treeOf(rows, file, 'allen-json'), ...(isMouse && { atlas: { species: 'Mus musculus' } }) }
}

/** BrainGlobe: a list of structures with paths, or (Allen's flat lists) with `parent_structure_id`. */
function parseStructures(json: unknown, file: string): RegionTable | undefined {
  const list = isObject(json) && Array.isArray(json.msg) ? json.msg : json
  if (!Array.isArray(list) || list.length === 0) return undefined
  const isStructure = (one: unknown): one is Json => isObject(one) && 'id' in one && 'name' in one
  const first = list[0]
  if (!isStructure(first) || !('structure_id_path' in first || 'parent_structure_id' in first)) return undefined
  const rows = list.map((one: unknown, i): TableRow => {
    const where = `structure ${i + 1} of ${list.length}`
    if (!isStructure(one)) throw badSource(file, `${where} has no id or no name`)
    const id = parseWhole(String(one.id))
    const name = typeof one.name === 'string' ? one.name : ''
    if (id === undefined || id < 0 || id > 2 ** 32 - 1) {
      throw badSource(file, `${where} ('${name}') has the id ${JSON.stringify(one.id)}, which is no label`)
    }
    if (name === '') throw badSource(file, `${where} (id ${id}) has no name`)
    const { structure_id_path: written, rgb_triplet: rgb } = one
    const path = Array.isArray(written)
      ? written.map(String)
      : typeof written === 'string'
        ? written.split(/[^\d]+/).filter((step) => step !== '')
        : undefined
    if (path && path.at(-1) !== String(id)) {
      throw badSource(
        file,
        `the path of '${name}' ends with ${path.at(-1)}, not with its id ${id}`,
        'Correct structure_id_path.',
      )
    }
    const parent = path ? path.at(-2) : one.parent_structure_id
    return {
      label: id,
      name,
      line: null,
      acronym: textOf(one.acronym),
      rgb: Array.isArray(rgb)
        ? toHex(Number(rgb[0]), Number(rgb[1]), Number(rgb[2]))
        : parseColour(textOf(one.color_hex_triplet) ?? ''),
      key: String(id),
      parent: parent === undefined || parent === null || parent === '' ? undefined : String(parent),
    }
  })
  return treeOf(rows, file, 'brainglobe-structures')
}

function treeOf(rows: TableRow[], file: string, format: RegionTable['format']): RegionTable {
  checkTree(rows, file)
  return {
    file,
    format,
    readings: [toReading('id', rows, file)],
    isTree: true,
    isShared: false,
    notes: [],
  }
}

/** neuroparc: `{"MetaData": {...}, "rois": {"1": {"label": "...", "color": [r, g, b]}}}`. */
function parseNeuroparc(json: unknown, file: string): RegionTable | undefined {
  if (!isObject(json) || !isObject(json.rois)) return undefined
  const rows: TableRow[] = []
  const nameless: string[] = []
  for (const [key, roi] of Object.entries(json.rois)) {
    const label = parseWhole(key)
    if (label === undefined || label < 0)
      throw badSource(file, `rois.${key} is no label`, 'Keys of rois are the values of the volume.')
    if (label === 0 || !isObject(roi)) continue
    const name = textOf(roi.label) ?? (typeof roi.label === 'number' ? String(roi.label) : undefined)
    if (name === undefined) {
      nameless.push(key)
      continue
    }
    const { color } = roi
    rows.push({
      label,
      name,
      line: null,
      rgb: Array.isArray(color)
        ? toHex(Number(color[0]), Number(color[1]), Number(color[2]))
        : parseColour(textOf(color) ?? ''),
      description: textOf(roi.description),
    })
  }
  const meta = isObject(json.MetaData) ? json.MetaData : {}
  return {
    file,
    format: 'neuroparc',
    readings: [toReading('rois', rows, file)],
    isTree: false,
    isShared: false,
    atlas: { name: textOf(meta.AtlasName), description: textOf(meta.Description) },
    notes: nameless.length > 0 ? [`rois without a label: ${nameless.slice(0, 20).join(', ')}`] : [],
  }
}

/** A list of flat objects, alone or as a property: their keys are headings as those of a CSV file. */
function parseRecords(json: unknown, file: string): RegionTable | undefined {
  const lists = isObject(json) ? Object.values(json) : [json]
  for (const list of lists) {
    if (!Array.isArray(list) || list.length === 0 || !list.every(isObject)) continue
    const keys = [...new Set(list.flatMap((one) => Object.keys(one)))]
    const cellOf = (value: unknown) =>
      value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
    const rows = list.map((one) => ({ line: null, cells: keys.map((key) => cellOf(one[key])) }))
    const table = tableOfRecords({ line: null, cells: keys }, rows, file)
    if (table) return { ...table, format: 'json' }
  }
  return undefined
}

/** `{"1": "name"}` or `{"1": {"name": "..."}}` or `{"name": 1}`. */
function parsePlainNames(json: unknown, file: string): RegionTable | undefined {
  if (!isObject(json)) return undefined
  const entries = Object.entries(json)
  if (entries.length === 0) return undefined
  const nameOf = (value: unknown) =>
    textOf(value) ?? (isObject(value) ? (textOf(value.name) ?? textOf(value.label)) : undefined)
  const tableOf = (column: string, rows: readonly TableRow[]): RegionTable => ({
    file,
    format: 'json',
    readings: [toReading(column, rows, file)],
    isTree: false,
    isShared: false,
    notes: [],
  })
  const byKey = entries.flatMap(([key, value]): TableRow[] => {
    const [label, name] = [parseWhole(key), nameOf(value)]
    return label === undefined || name === undefined ? [] : [{ label, name, line: null }]
  })
  if (byKey.length === entries.length) return tableOf('key', byKey)
  const byValue = entries.flatMap(([name, label]): TableRow[] =>
    typeof label === 'number' && Number.isInteger(label) ? [{ label, name, line: null }] : [],
  )
  return byValue.length === entries.length ? tableOf('value', byValue) : undefined
}
