/** Atlases described in XML: FSL's and SPM's. */
import { badSource } from '../errors.ts'
import type { RegionTable, TableRow } from '../types.ts'
import { parseWhole, toReading } from './rows.ts'

type Element = { [name: string]: unknown }

/** undefined where the XML is no atlas. */
export async function parseXmlAtlas(text: string, file: string): Promise<RegionTable | undefined> {
  const { XMLParser, XMLValidator } = await import('fast-xml-parser')
  if (!/<atlas\b/.test(text)) return undefined
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw badSource(file, `it is no XML: ${valid.err.msg}`, 'Is the file complete?', valid.err.line)
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: true,
    isArray: (name) => ['label', 'images', 'imagefile', 'summaryimagefile'].includes(name),
  })
  const atlas = asElement((parser.parse(text) as Element).atlas)
  const header = asElement(atlas.header)
  const labels = asElement(atlas.data).label
  if (!Array.isArray(labels))
    throw badSource(file, 'there are no labels in it', 'An atlas has data with label elements.')
  const isFsl = labels.some((label) => typeof label === 'object' && label !== null && '@index' in label)
  const images = asList(header.images).flatMap((image) => {
    const { imagefile, summaryimagefile } = asElement(image)
    return [
      ...asList(imagefile).map((one) => ({ file: textOf(one), isSummary: false })),
      ...asList(summaryimagefile).map((one) => ({ file: textOf(one), isSummary: true })),
    ]
  })
  const name = textOf(header.name) || undefined
  const common = { file, isTree: false, isShared: false, atlas: { name }, images, notes: [] }
  if (!isFsl) {
    const rows = labels.map((label, i) => spmRow(asElement(label), file, i))
    return { ...common, format: 'spm-xml', readings: [toReading('index', rows, file)] }
  }
  const type = textOf(header.type).toLowerCase()
  if (!['label', 'probabilistic', 'statistic'].includes(type)) {
    throw badSource(
      file,
      `the type of the atlas is '${textOf(header.type)}'`,
      'FSL knows Label, Probabilistic and Statistic.',
    )
  }
  const rows = labels.map((label, i) => fslRow(label, file, i))
  if (type === 'label') return { ...common, format: 'fsl-xml', readings: [toReading('index', rows, file)] }
  // the index counts volumes of the 4D file from 0; in the summary image the value is the index + 1
  const shifted = rows.map((row) => ({ ...row, label: row.label + 1 }))
  return {
    ...common,
    format: 'fsl-xml',
    readings: [toReading('index + 1', shifted, file)],
    positions: { firstIndex: 1 },
  }
}

function fslRow(label: unknown, file: string, i: number): TableRow & { label: number } {
  const element = asElement(label)
  const index = parseWhole(String(element['@index'] ?? ''))
  if (index === undefined || index < 0)
    throw badSource(file, `label ${i + 1} has no index`, 'Every label needs index="...".')
  const name = textOf(label)
  if (name === '') throw badSource(file, `the label with index ${index} has no name`)
  return { label: index, name, line: null }
}

function spmRow(label: Element, file: string, i: number): TableRow {
  const index = parseWhole(textOf(label.index))
  const name = textOf(label.name)
  if (index === undefined || index < 0) throw badSource(file, `label ${i + 1} ('${name}') has no index`)
  if (name === '') throw badSource(file, `the label with index ${index} has no name`)
  return { label: index, name, line: null, acronym: textOf(label.short_name) || undefined }
}

function asElement(value: unknown): Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : {}
}

function asList(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat()
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'object' && value !== null) return String((value as Element)['#text'] ?? '').trim()
  return value === undefined ? '' : String(value)
}
