/**
 * GIFTI files (https://www.nitrc.org/projects/gifti): arrays over the vertices of a surface - coordinates, triangles, labels, values - as
 * nibabel reads them.
 */
import { XMLParser } from 'fast-xml-parser'
import type { Mesh, SurfaceLabels, VoxelArray, VoxelType } from '../image.ts'
import { badData, type DecodeOptions, defaultMaxBytes, gunzipIfNeeded } from '../inflate.ts'
import { decodeGiftiData } from './gifti-data.ts'
import { toFaces } from './mesh.ts'

export interface GiftiArray {
  /** NIfTI's name of what the numbers mean, e.g. NIFTI_INTENT_POINTSET. */
  intent: string
  dtype: VoxelType
  shape: number[]
  /** Row-major, whatever the order in the file. */
  data: VoxelArray
}

export interface GiftiLabel {
  name: string
  /** Red, green, blue, alpha from 0 to 1; undefined where the file does not say. */
  rgba?: [number, number, number, number]
}

export interface Gifti {
  arrays: GiftiArray[]
  /** By the number that stands for them in the arrays of labels. */
  labels: Map<number, GiftiLabel>
}

type Element = Record<string, unknown>

/** Half of the longest string that V8 can hold. */
const largestText = 2 ** 28
/** Of what stays beside the numbers: names, colours, notes. */
const largestMarkup = 2 ** 24
/** One element with all of its attributes. */
const largestTag = 2 ** 16

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  // so that each element is an object, those without attributes and children, too
  alwaysCreateTextNode: true,
  isArray: (name) => name === 'DataArray' || name === 'Label',
})

/** Parses a file, plain or gzipped. Errors: BAD_DATA (sizes that do not add up, broken XML), UNSUPPORTED (external data). */
export function parseGifti(bytes: Uint8Array, options: DecodeOptions = {}): Gifti {
  const { source = 'the GIFTI file', maxBytes = defaultMaxBytes } = options
  const xml = gunzipIfNeeded(bytes, { source, maxBytes: Math.min(maxBytes, largestText) })
  if (xml.length > largestText) throw badData(source, `${xml.length} bytes of XML, at most ${largestText} can be read`)
  const { text, numbers } = cutOutData(decodeText(xml, source))
  if (text.length > largestMarkup)
    throw badData(source, `${text.length} characters beside the numbers, at most ${largestMarkup}`)
  if (tooLongTag.test(text)) throw badData(source, `an element with more than ${largestTag} characters of attributes`)
  const root = parseXml(text, source).GIFTI as Element | undefined
  if (!root) throw badData(source, 'no GIFTI file: there is no element GIFTI')
  const elements = (root.DataArray ?? []) as Element[]
  const claimed = root['@NumberOfDataArrays']
  if (claimed !== undefined && Number(claimed) !== elements.length) {
    throw badData(source, `NumberOfDataArrays is ${claimed}, but there are ${elements.length}`)
  }
  const arrays = elements.map((element) => ({
    intent: String(element['@Intent'] ?? 'NIFTI_INTENT_NONE'),
    ...decodeGiftiData(readAttributes(element), numbers.get(textOf(element.Data)) ?? textOf(element.Data), {
      source,
      maxBytes,
    }),
  }))
  return { arrays, labels: readLabelTable(root.LabelTable as Element | undefined) }
}

const tooLongTag = new RegExp(`<[A-Za-z_][^<>]{${largestTag}}`)

/** In the encoding that the first bytes or the XML declaration name; UTF-8 where they name none. BAD_DATA for unknown ones. */
function decodeText(xml: Uint8Array, source: string): string {
  const encoding = encodingOf(xml)
  try {
    return new TextDecoder(encoding).decode(xml)
  } catch (cause) {
    throw badData(source, `its text is in ${JSON.stringify(encoding)}, which cannot be read`, cause)
  }
}

/** By the first two bytes: a byte order mark, or a `<` of two bytes. */
const WIDE_ENCODINGS = new Map([
  [0xfffe, 'utf-16le'],
  [0x3c00, 'utf-16le'],
  [0xfeff, 'utf-16be'],
  [0x003c, 'utf-16be'],
])

function encodingOf(xml: Uint8Array): string {
  const [first = 0, second = 0] = xml
  const wide = WIDE_ENCODINGS.get((first << 8) | second)
  if (wide) return wide
  const declaration = new TextDecoder('latin1').decode(xml.subarray(0, 200))
  const named = /^[^<]*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/.exec(declaration)?.[1] ?? 'utf-8'
  // bytes of one byte each cannot be UTF-16, whatever the declaration says
  return /^utf-?16/i.test(named) ? 'utf-8' : named
}

/**
 * Takes the long texts of numbers out before the XML is parsed, which would look at each of their characters several times: of a surface
 * of 164,000 vertices, reading takes 150 ms with them in it and 7 ms without.
 */
function cutOutData(xml: string): { text: string; numbers: Map<string, string> } {
  const numbers = new Map<string, string>()
  const text = xml.replace(/(<Data\b[^<>]*>)([^<]*)(?=<\/Data\s*>)/g, (_, tag: string, content: string) => {
    const mark = `#${numbers.size}`
    numbers.set(mark, content)
    return tag + mark
  })
  return { text, numbers }
}

function parseXml(text: string, source: string): Element {
  try {
    return parser.parse(text, true) as Element
  } catch (cause) {
    throw badData(source, `no XML: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

const textOf = (element: unknown): string => String((element as Element | undefined)?.['#text'] ?? '')

function readAttributes(element: Element): Record<string, string> {
  const attributes = Object.entries(element).filter(([name]) => name.startsWith('@'))
  return Object.fromEntries(attributes.map(([name, value]) => [name.slice(1), String(value)]))
}

function readLabelTable(table: Element | undefined): Map<number, GiftiLabel> {
  const elements = (table?.Label ?? []) as Element[]
  return new Map(
    elements.map((element) => {
      const rgba = ['@Red', '@Green', '@Blue', '@Alpha'].map((name) => Number(element[name] ?? Number.NaN))
      const label: GiftiLabel = { name: textOf(element).trim() }
      if (rgba.every(Number.isFinite)) label.rgba = rgba as GiftiLabel['rgba'] & {}
      return [Number(element['@Key'] ?? element['@Index']), label]
    }),
  )
}

/**
 * The mesh of a file: its arrays of intent POINTSET and TRIANGLE, else (as siibra) the first two. Coordinates are taken as they are, in mm;
 * a transformation that the file may mention is not applied. BAD_DATA where there are no such arrays.
 */
export function decodeGiftiMesh(bytes: Uint8Array, options: DecodeOptions = {}): Mesh {
  const { source = 'the GIFTI file' } = options
  const { arrays } = parseGifti(bytes, options)
  const points = arrays.find(({ intent }) => intent === 'NIFTI_INTENT_POINTSET') ?? arrays[0]
  const triangles = arrays.find(({ intent }) => intent === 'NIFTI_INTENT_TRIANGLE') ?? arrays[1]
  for (const [array, what] of [
    [points, 'coordinates'],
    [triangles, 'triangles'],
  ] as const) {
    if (array?.shape.length !== 2 || array.shape[1] !== 3) {
      throw badData(source, `no mesh: ${what} of shape ${array ? array.shape.join(' x ') : 'nothing'}, not n x 3`)
    }
  }
  const vertices = points!.data instanceof Float32Array ? points!.data : Float32Array.from(points!.data)
  return { vertices, faces: toFaces(triangles!.data, points!.shape[0]!, source) }
}

/** The label of each vertex: the one array of the file, or its one array of intent LABEL. BAD_DATA where it is not clear which. */
export function decodeGiftiLabels(bytes: Uint8Array, options: DecodeOptions = {}): SurfaceLabels {
  const { source = 'the GIFTI file' } = options
  const { arrays } = parseGifti(bytes, options)
  const ofLabels = arrays.filter(({ intent }) => intent === 'NIFTI_INTENT_LABEL')
  const candidates = ofLabels.length > 0 ? ofLabels : arrays
  const [array] = candidates
  if (!array || candidates.length > 1) throw badData(source, `${candidates.length} arrays of labels, not one`)
  const labels = Int32Array.from(array.data)
  const wrong = labels.findIndex((label, vertex) => label !== array.data[vertex])
  if (wrong >= 0) throw badData(source, `the label of vertex ${wrong} is ${array.data[wrong]}`)
  return { labels }
}
