/** Files of surfaces: FreeSurfer's annotations, GIFTI labels, and surfaces of both. */
import { basename } from 'node:path/posix'
import type { Mesh } from '../../../siibra/index.ts'
import {
  decodeAnnot,
  decodeFreesurferSurface,
  decodeGiftiLabels,
  decodeGiftiMesh,
  parseGifti,
} from '../../../siibra/index.ts'
import { badSource, some } from '../../errors.ts'
import type { Journal } from '../../journal.ts'
import type { Source, SourceFile } from '../../source/files.ts'
import { toHex } from '../../tables/rows.ts'
import type { Side } from '../../types.ts'

/** A region of one hemisphere. */
interface Patch {
  name: string
  rgb: string | undefined
}

export interface LabelFile {
  file: SourceFile
  side: Side
  /** What both hemispheres have in common: `aparc`. */
  atlas: string
  /** Of each vertex the number of its patch, from 1; 0 is background. */
  labels: Int32Array
  patches: Patch[]
}

export interface SurfaceFile {
  file: SourceFile
  side: Side
  /** `white`, `pial`, `inflated` ... */
  variant: string
  mesh: Mesh
}

export async function readFiles(
  source: Source,
  journal: Journal,
): Promise<{ labels: LabelFile[]; surfaces: SurfaceFile[] }> {
  const labels: LabelFile[] = []
  const surfaces: SurfaceFile[] = []
  const partner = source.main && partnerName(source.main.file)
  for (const file of source.files) {
    const isWanted = !source.main || file === source.main || file.file === partner
    if (file.kind === 'annot' && isWanted) labels.push(await readAnnot(file))
    else if (file.kind === 'surface') surfaces.push(await readSurface(file, decodeFreesurferSurface))
    else if (file.kind === 'gifti') {
      const { arrays } = parseGifti(await file.read(), { source: file.file })
      if (arrays.some(({ intent }) => intent === 'NIFTI_INTENT_POINTSET'))
        surfaces.push(await readSurface(file, decodeGiftiMesh))
      else if (arrays.some(({ intent }) => intent === 'NIFTI_INTENT_LABEL')) {
        if (isWanted) labels.push(await readGiftiLabels(file))
      } else journal.leftOut.push({ file: file.file, why: 'it holds values of vertices, no labels' })
    }
  }
  return { labels, surfaces }
}

const PARTNERS = new Map([
  ['lh', 'rh'],
  ['rh', 'lh'],
  ['L', 'R'],
  ['R', 'L'],
  ['left', 'right'],
  ['right', 'left'],
  ['hemi-L', 'hemi-R'],
  ['hemi-R', 'hemi-L'],
])

/** The file of the other hemisphere: `rh.aparc.annot` beside `lh.aparc.annot`. */
function partnerName(file: string): string | undefined {
  const swapped = file.replace(
    /(?<=^|[/._-])(?:lh|rh|L|R|left|right|hemi-L|hemi-R)(?=[._-])/,
    (word) => PARTNERS.get(word) ?? word,
  )
  return swapped === file ? undefined : swapped
}

function sideOfFile(file: string, text = ''): Side {
  const name = basename(file)
  if (/(?:^|[._-])(?:lh|L|left)(?=[._-])|hemi-L/.test(name) || /CortexLeft/.test(text)) return 'left'
  if (/(?:^|[._-])(?:rh|R|right)(?=[._-])|hemi-R/.test(name) || /CortexRight/.test(text)) return 'right'
  throw badSource(
    file,
    'its name does not say for which hemisphere it is',
    'Call it lh... or rh..., as FreeSurfer does, or hemi-L/hemi-R.',
  )
}

const atlasOfFile = (file: string) =>
  basename(file)
    .replace(/\.(?:annot|label\.gii|gii(?:\.gz)?)$/i, '')
    .replace(/(?:^|[._-])(?:lh|rh|L|R|left|right|hemi-[LR])(?=[._-]|$)/, '')
    .replace(/^[._-]+|[._-]+$/g, '') || 'surface labels'

async function readAnnot(file: SourceFile): Promise<LabelFile> {
  const bytes = await file.read()
  const { labels, table } = decodeAnnot(bytes, { source: file.file })
  const used = new Map<number, number>()
  for (const row of labels) used.set(row, (used.get(row) ?? 0) + 1)
  const colours = new Map<string, { row: number; name: string }>()
  for (const [row, entry] of table.entries()) {
    if (!entry) continue
    const colour = entry.rgbt.slice(0, 3).join(', ')
    const same = colours.get(colour)
    if (!same) colours.set(colour, { row, name: entry.name })
    else if (used.has(same.row)) {
      throw badSource(
        file.file,
        `'${same.name}' and '${entry.name}' have the same colour (${colour}), which is all that vertices hold: they cannot be told apart`,
        'Give them different colours and write the annotation anew.',
      )
    }
  }
  return patchesOf(file, sideOfFile(file.file), labels, (row) => {
    const entry = table[row]
    return entry && { name: entry.name, rgb: toHex(entry.rgbt[0], entry.rgbt[1], entry.rgbt[2]) }
  })
}

async function readGiftiLabels(file: SourceFile): Promise<LabelFile> {
  const bytes = await file.read()
  const { labels } = decodeGiftiLabels(bytes, { source: file.file })
  const { labels: table } = parseGifti(bytes, { source: file.file })
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 64 * 1024))
  return patchesOf(file, sideOfFile(file.file, text), labels, (key) => {
    const entry = table.get(key)
    if (!entry || key === 0) return undefined
    const { name, rgba } = entry
    return { name, rgb: rgba && toHex(rgba[0], rgba[1], rgba[2], true) }
  })
}

/** Schaefer's annotations begin with `Background+FreeSurfer_Defined_Medial_Wall`. */
const BACKGROUND = /^(?:unknown|\?+|background(?:\+.*)?|none|unlabell?ed|)$/i

/** Keys may be packed colours, or begin at 0: they are numbered anew, from 1. */
function patchesOf(
  file: SourceFile,
  side: Side,
  keys: Int32Array,
  entryOf: (key: number) => { name: string; rgb: string | undefined } | undefined,
): LabelFile {
  const numbers = new Map<number, number>()
  const patches: Patch[] = []
  const nameless: number[] = []
  // regions in the order of the table, whichever is at the first vertex
  for (const key of [...new Set(keys)].sort((one, other) => one - other)) {
    const entry = key < 0 ? undefined : entryOf(key)
    if (!entry && key > 0) nameless.push(key)
    const isBackground = !entry || BACKGROUND.test(entry.name.trim())
    numbers.set(key, isBackground ? 0 : patches.push(entry))
  }
  const labels = keys.map((key) => numbers.get(key) ?? 0)
  if (patches.length === 0) throw badSource(file.file, 'no vertex has a label with a name')
  if (nameless.length > patches.length) {
    throw badSource(
      file.file,
      `most of its keys (${some(nameless, 5)}) are not in its table of labels`,
      'Write it anew with its table.',
    )
  }
  return { file, side, atlas: atlasOfFile(file.file), labels, patches }
}

async function readSurface(
  file: SourceFile,
  decode: (bytes: Uint8Array, options: { source: string }) => Mesh,
): Promise<SurfaceFile> {
  const bytes = await file.read()
  const text = file.kind === 'gifti' ? new TextDecoder('latin1').decode(bytes.subarray(0, 64 * 1024)) : ''
  const name = basename(file.file)
  const variant =
    /white|pial|inflated|midthickness|sphere|smoothwm|orig/.exec(name)?.[0] ?? name.replace(/\.(?:surf\.)?gii$/, '')
  return { file, side: sideOfFile(file.file, text), variant, mesh: decode(bytes, { source: file.file }) }
}
