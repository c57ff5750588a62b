/** Labels of surfaces: FreeSurfer's annotations and GIFTI labels, with the surfaces of the same subject. */
import { basename, dirname } from 'node:path/posix'
import type { Mesh } from '../../siibra/index.ts'
import {
  decodeAnnot,
  decodeFreesurferSurface,
  decodeGiftiLabels,
  decodeGiftiMesh,
  encodeGiftiLabels,
  encodeGiftiSurface,
  type GiftiLabel,
  parseGifti,
} from '../../siibra/index.ts'
import { badSource, some } from '../errors.ts'
import type { Journal } from '../journal.ts'
import type { Source, SourceFile } from '../source/files.ts'
import { toHex } from '../tables/rows.ts'
import type { PlannedFile, PlannedParcellation, PlannedRegion, PlannedVolume, Side } from '../types.ts'
import type { PlannedSource } from './brainglobe/brainglobe.ts'

/** A region of one hemisphere. */
interface Patch {
  name: string
  rgb: string | undefined
}

interface LabelFile {
  file: SourceFile
  side: Side
  /** What both hemispheres have in common: `aparc`. */
  atlas: string
  /** Of each vertex the number of its patch, from 1; 0 is background. */
  labels: Int32Array
  patches: Patch[]
}

interface SurfaceFile {
  file: SourceFile
  side: Side
  /** `white`, `pial`, `inflated` ... */
  variant: string
  mesh: Mesh
}

/** Standard surfaces, by their number of vertices. */
const FSAVERAGE = new Map([
  [163_842, 'fsaverage'],
  [40_962, 'fsaverage6'],
  [10_242, 'fsaverage5'],
])

export const hasSurfaceLabels = ({ files, main }: Source): boolean =>
  main ? ['annot', 'gifti'].includes(main.kind) : files.some(({ kind }) => kind === 'annot' || kind === 'gifti')

export async function planSurfaces(
  source: Source,
  slug: (name: string) => string,
  journal: Journal,
): Promise<PlannedSource | undefined> {
  const { labels, surfaces } = await readFiles(source, journal)
  if (labels.length === 0) return undefined
  const chosen = ofOneSubject(source, labels, journal)
  const counts = new Map(chosen.map(({ side, labels: own }) => [side, own.length]))
  const subject = subjectOf(chosen[0]!.file.file)
  const hasOwn = surfaces.some(({ file }) => subjectOf(file.file) === subject)
  const own = surfaces.filter((surface) => {
    if (hasOwn && subjectOf(surface.file.file) !== subject) {
      journal.leftOut.push({
        file: surface.file.file,
        why: `the surface of another subject than ${chosen[0]!.file.file}`,
      })
      return false
    }
    const isOwn = counts.get(surface.side) === surface.mesh.vertices.length / 3
    if (!isOwn) {
      const expected = counts.get(surface.side)
      const why =
        expected === undefined
          ? 'no labels are for this hemisphere'
          : `it has ${surface.mesh.vertices.length / 3} vertices, the labels ${expected}: the surface of another subject`
      journal.leftOut.push({ file: surface.file.file, why })
    }
    return isOwn
  })
  const name = [...new Set(chosen.map(({ atlas }) => atlas))].join(' ')
  const spaceName = spaceOf(own, chosen, journal)
  const parcellations = [...new Set(chosen.map(({ atlas }) => atlas))].map((atlas) =>
    planParcellation(
      atlas,
      chosen.filter((one) => one.atlas === atlas),
      slug(atlas),
      journal,
    ),
  )
  return {
    name,
    spaceName,
    spaceVolumes: spaceVolumes(own, slug(name)),
    parcellations,
    used: [...chosen.map(({ file }) => file), ...own.map(({ file }) => file)],
    species: undefined,
  }
}

async function readFiles(source: Source, journal: Journal): Promise<{ labels: LabelFile[]; surfaces: SurfaceFile[] }> {
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

/** The file of the other hemisphere: `rh.aparc.annot` beside `lh.aparc.annot`. */
function partnerName(file: string): string | undefined {
  const swapped = file.replace(
    /(^|[/._-])(lh|rh|L|R|left|right|hemi-L|hemi-R)(?=[._-])/,
    (_, before: string, side: string) => {
      const other: Record<string, string> = {
        lh: 'rh',
        rh: 'lh',
        L: 'R',
        R: 'L',
        left: 'right',
        right: 'left',
        'hemi-L': 'hemi-R',
        'hemi-R': 'hemi-L',
      }
      return before + other[side]!
    },
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
    const [red, green, blue] = entry.rgba ?? []
    return { name: entry.name, rgb: red === undefined ? undefined : toHex(red, green!, blue!, true) }
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

/** Labels of several numbers of vertices are of several subjects: those that most files have are taken. */
function ofOneSubject(source: Source, labels: readonly LabelFile[], journal: Journal): LabelFile[] {
  const folders = new Map<string, LabelFile[]>()
  for (const one of labels) {
    const key = subjectOf(one.file.file)
    folders.set(key, [...(folders.get(key) ?? []), one])
  }
  const [most = [], ...others] = [...folders.values()].sort(
    (a, b) =>
      Number(b.some(({ file }) => file === source.main)) - Number(a.some(({ file }) => file === source.main)) ||
      b.length - a.length,
  )
  for (const { file } of others.flat())
    journal.leftOut.push({ file: file.file, why: `the labels of another subject than ${most[0]!.file.file}` })
  return most
}

/** `bert/label/lh.aparc.annot` and `bert/surf/lh.white` are of `bert`. */
function subjectOf(file: string): string {
  const folder = dirname(file)
  return ['label', 'surf'].includes(basename(folder)) ? dirname(folder) : folder
}

function spaceOf(surfaces: readonly SurfaceFile[], labels: readonly LabelFile[], journal: Journal): string | undefined {
  const counts = labels.map(({ labels: own }) => own.length)
  const standard = counts.every((count) => count === counts[0]) ? FSAVERAGE.get(counts[0]!) : undefined
  if (surfaces.length > 0) return standard
  if (!standard) {
    throw badSource(
      labels[0]!.file.file,
      `it labels ${counts[0]} vertices, and there is no surface with as many`,
      "Put the subject's surfaces (surf/lh.white, surf/rh.white ...) beside it.",
    )
  }
  journal.warnings.push(
    `There are no surfaces beside the labels: ${counts[0]} vertices say that they are of ${standard}. It is served without a mesh.`,
  )
  return standard
}

/** One volume for each variant, the usual first. */
function spaceVolumes(surfaces: readonly SurfaceFile[], slug: string): PlannedVolume[] {
  const order = ['white', 'pial', 'inflated', 'midthickness']
  const rank = (variant: string) => (order.includes(variant) ? order.indexOf(variant) : order.length)
  const variants = [...new Set(surfaces.map(({ variant }) => variant))].sort((a, b) => rank(a) - rank(b))
  return variants.map((variant) => {
    const parts = surfaces.filter((surface) => surface.variant === variant)
    const files = parts.map(
      ({ side, mesh }): PlannedFile => ({
        path: `volumes/${slug}-${side}-${variant}.surf.gii`,
        bytes: () => encodeGiftiSurface(mesh),
      }),
    )
    const urls = Object.fromEntries(parts.map(({ side }, i) => [`${side} hemisphere`, files[i]!.path]))
    return { variant: variant === 'white' ? 'white matter' : variant, providers: { 'gii-mesh': urls }, files }
  })
}

/** The same name in both hemispheres is one region with two halves. */
function planParcellation(
  atlas: string,
  parts: readonly LabelFile[],
  slug: string,
  journal: Journal,
): PlannedParcellation {
  const sides = new Map<string, Set<Side>>()
  for (const { side, patches } of parts)
    for (const { name } of patches) sides.set(name, (sides.get(name) ?? new Set()).add(side))
  const regions: PlannedRegion[] = []
  const parents = new Map<string, PlannedRegion>()
  const indices: PlannedParcellation['maps'][0]['indices'] = []
  const files: PlannedFile[] = []
  const urls: Record<string, string> = {}
  let offset = 0
  for (const { side, patches, labels, file } of [...parts].sort((a, b) => (a.side < b.side ? -1 : 1))) {
    const fragment = `${side} hemisphere`
    if (urls[fragment] !== undefined)
      throw badSource(file.file, `there are two files of '${atlas}' for the ${fragment}`, 'Leave one of them.')
    const seen = new Set<string>()
    const start = offset
    const table = patches.map(({ name, rgb }, i) => {
      if (seen.has(name)) throw badSource(file.file, `two labels are called '${name}'`, 'Give them different names.')
      seen.add(name)
      const isBoth = sides.get(name)!.size > 1
      const region: PlannedRegion = { name: isBoth ? `${name} ${side}` : name, rgb, side, children: [] }
      let parent = parents.get(name)
      if (isBoth && !parent) {
        parent = { name, children: [] }
        parents.set(name, parent)
        regions.push(parent)
      }
      if (parent) parent.children.push(region)
      else regions.push(region)
      indices.push([region.name, [{ volume: 0, label: start + i + 1, fragment }]])
      return { label: start + i + 1, name: region.name, rgb }
    })
    offset += patches.length
    const shifted = labels.map((label) => (label > 0 ? label + start : 0))
    const path = `volumes/${slug}-${side}.label.gii`
    urls[fragment] = path
    files.push({ path, bytes: () => encodeLabels(shifted, table) })
    journal.taken.push(`${patches.length} regions of ${labels.length} vertices from ${file.file}`)
  }
  return {
    name: atlas,
    regions,
    maps: [{ kind: 'labelled', volumes: [{ providers: { 'gii-label': urls }, files }], indices }],
  }
}

function encodeLabels(
  labels: Int32Array,
  table: readonly { label: number; name: string; rgb: string | undefined }[],
): Uint8Array {
  const colour = (rgb: string | undefined) =>
    [1, 3, 5].map((at) => Number.parseInt(rgb?.slice(at, at + 2) ?? '80', 16) / 255)
  const entries = table.map(({ label, name, rgb }): GiftiLabel => {
    const [red, green, blue] = colour(rgb) as [number, number, number]
    return { key: label, name, rgba: [red, green, blue, 1] }
  })
  return encodeGiftiLabels(labels, [{ key: 0, name: '???', rgba: [0, 0, 0, 0] }, ...entries])
}
