/** Colour tables of programs: FreeSurfer's LUT, 3D Slicer's `.ctbl`, ITK-SNAP's label descriptions, FSLeyes's LUT. */
import { badSource } from '../errors.ts'
import type { RegionTable, TableRow } from '../types.ts'
import { toHex, toReading } from './rows.ts'
import { contentLines, type Line } from './text.ts'

const ITK_SNAP = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d.]+)\s+([01])\s+([01])\s+"(.*)"\s*$/
const FSLEYES = /^\s*(\d+)\s+(\d*\.?\d+)\s+(\d*\.?\d+)\s+(\d*\.?\d+)\s+(\S.*?)\s*$/
const WITH_ALPHA = /^\s*(-?\d+)\s+(\S.*?)\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s*$/
const WITHOUT_ALPHA = /^\s*(-?\d+)\s+(\S.*?)\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s*$/

/** ITK-SNAP's label descriptions: `IDX R G B A VIS MSH "name"`. undefined where it is none. */
export function parseItkSnap(text: string, file: string): RegionTable | undefined {
  const lines = contentLines(text)
  const [first] = lines
  if (!first || !ITK_SNAP.test(first.text)) return undefined
  const rows = lines.map((line): TableRow => {
    const match = ITK_SNAP.exec(line.text)
    if (!match) throw badLine(line, file, 'IDX R G B A VIS MSH "name"')
    const [, label, red, green, blue, , , , name = ''] = match
    return {
      label: Number(label),
      name: name.trim(),
      line: line.number,
      rgb: toHex(Number(red), Number(green), Number(blue)),
    }
  })
  return tableOf(rows, file, 'itk-snap', false)
}

/** FSLeyes's lookup tables: `value red green blue name`, colours from 0 to 1. undefined where it is none. */
export function parseFsleyes(text: string, file: string): RegionTable | undefined {
  const lines = contentLines(text)
  const matches = lines.map(({ text: line }) => FSLEYES.exec(line))
  const colours = matches.flatMap((match) => match?.slice(2, 5) ?? [])
  const isFraction = colours.some((one) => one.includes('.')) && colours.every((one) => Number(one) <= 1)
  if (!isFraction || matches.filter((match) => match !== null).length < 0.8 * lines.length) return undefined
  const rows = lines.map((line, i): TableRow => {
    const match = matches[i]
    if (!match) throw badLine(line, file, 'value red green blue name')
    const [, label, red, green, blue, name = ''] = match
    return {
      label: Number(label),
      name,
      line: line.number,
      rgb: toHex(Number(red), Number(green), Number(blue), true),
    }
  })
  return tableOf(rows, file, 'fsleyes-lut', false)
}

/** `No name R G B A`: FreeSurfer's LUT, or Slicer's table, which says so in its head. undefined where it is neither. */
export function parseColourLut(text: string, file: string): RegionTable | undefined {
  const lines = contentLines(text).filter(({ text: line }) => !/^\s*(?:no\.?|index)\b.*\br\b/i.test(line))
  if (lines.length === 0) return undefined
  const fits = (pattern: RegExp) => lines.filter(({ text: line }) => pattern.test(line)).length
  const [withAlpha, without] = [fits(WITH_ALPHA), fits(WITHOUT_ALPHA)]
  const isSlicer = /^#\s*Color table file/im.test(text.slice(0, 400)) || /\.ctbl$/i.test(file)
  // a broken line among many is told; where most lines are something else, the file is something else
  if (Math.max(withAlpha, without) < lines.length * 0.8) {
    if (!isSlicer) return undefined
  }
  const pattern = withAlpha >= without ? WITH_ALPHA : WITHOUT_ALPHA
  const rows = lines.map((line): TableRow => {
    const match = pattern.exec(line.text)
    if (!match) throw badLine(line, file, 'No name R G B A')
    const [, label, name = '', red, green, blue] = match
    const rgb = toHex(Number(red), Number(green), Number(blue))
    if (!rgb) throw badSource(file, `the colour ${red} ${green} ${blue} is not within 0 to 255`, undefined, line.number)
    return { label: Number(label), name, line: line.number, rgb }
  })
  return tableOf(rows, file, isSlicer ? 'slicer-ctbl' : 'freesurfer-lut', !isSlicer && rows.length > 600)
}

function tableOf(rows: TableRow[], file: string, format: RegionTable['format'], isShared: boolean): RegionTable {
  const reading = toReading('index', isShared ? firstOfEach(rows) : rows, file)
  return { file, format, readings: [reading], isTree: false, isShared, notes: [] }
}

/** FreeSurferColorLUT.txt names some numbers twice; FreeSurfer takes the first. */
function firstOfEach(rows: readonly TableRow[]): TableRow[] {
  const seen = new Set<number | null>()
  return rows.filter(({ label }) => !seen.has(label) && seen.add(label))
}

const badLine = ({ number, text }: Line, file: string, expected: string) =>
  badSource(file, `'${text.trim().slice(0, 80)}' is not of the form ${expected}`, 'Correct this line.', number)
