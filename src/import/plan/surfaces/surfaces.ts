/** Labels of surfaces, with the surfaces of the same subject, become parcellations. */
import { basename, dirname } from 'node:path/posix'
import { encodeGiftiLabels, encodeGiftiSurface, type GiftiLabel } from '../../../siibra/index.ts'
import { badSource } from '../../errors.ts'
import type { Journal } from '../../journal.ts'
import { groupBy, isNonEmpty, mapNonEmpty, type NonEmpty } from '../../non-empty.ts'
import type { Source } from '../../source/files.ts'
import type { PlannedFile, PlannedParcellation, PlannedRegion, PlannedVolume, Side } from '../../types.ts'
import type { PlannedSource } from '../brainglobe/brainglobe.ts'
import { type LabelFile, readFiles, type SurfaceFile } from './read-files.ts'

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
  if (!isNonEmpty(labels)) return undefined
  const chosen = ofOneSubject(source, labels, journal)
  const counts = new Map(chosen.map(({ side, labels: own }) => [side, own.length]))
  const [{ file: first }] = chosen
  const subject = subjectOf(first.file)
  const hasOwn = surfaces.some(({ file }) => subjectOf(file.file) === subject)
  const own = surfaces.filter((surface) => {
    if (hasOwn && subjectOf(surface.file.file) !== subject) {
      journal.leftOut.push({ file: surface.file.file, why: `the surface of another subject than ${first.file}` })
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
  const atlases = groupBy(chosen, ({ atlas }) => atlas)
  const name = atlases.map(([{ atlas }]) => atlas).join(' ')
  const spaceName = spaceOf(own, chosen, journal)
  const parcellations = mapNonEmpty(atlases, (parts) => {
    const [{ atlas }] = parts
    return planParcellation(atlas, parts, slug(atlas), journal)
  })
  return {
    name,
    spaceName,
    spaceVolumes: spaceVolumes(own, slug(name)),
    parcellations,
    used: [...chosen.map(({ file }) => file), ...own.map(({ file }) => file)],
    species: undefined,
  }
}

/** Labels of several numbers of vertices are of several subjects: those that most files have are taken. */
function ofOneSubject(source: Source, labels: NonEmpty<LabelFile>, journal: Journal): NonEmpty<LabelFile> {
  const [most, ...others] = groupBy(labels, ({ file }) => subjectOf(file.file)).sort(
    (a, b) =>
      Number(b.some(({ file }) => file === source.main)) - Number(a.some(({ file }) => file === source.main)) ||
      b.length - a.length,
  )
  for (const { file } of others.flat())
    journal.leftOut.push({ file: file.file, why: `the labels of another subject than ${most[0].file.file}` })
  return most
}

/** `bert/label/lh.aparc.annot` and `bert/surf/lh.white` are of `bert`. */
function subjectOf(file: string): string {
  const folder = dirname(file)
  return ['label', 'surf'].includes(basename(folder)) ? dirname(folder) : folder
}

function spaceOf(surfaces: readonly SurfaceFile[], labels: NonEmpty<LabelFile>, journal: Journal): string | undefined {
  const [{ file, labels: first }] = labels
  const isEqual = labels.every(({ labels: own }) => own.length === first.length)
  const standard = isEqual ? FSAVERAGE.get(first.length) : undefined
  if (surfaces.length > 0) return standard
  if (!standard) {
    throw badSource(
      file.file,
      `it labels ${first.length} vertices, and there is no surface with as many`,
      "Put the subject's surfaces (surf/lh.white, surf/rh.white ...) beside it.",
    )
  }
  journal.warnings.push(
    `There are no surfaces beside the labels: ${first.length} vertices say that they are of ${standard}. It is served without a mesh.`,
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
    const pathOf = (side: Side) => `volumes/${slug}-${side}-${variant}.surf.gii`
    const files = parts.map(
      ({ side, mesh }): PlannedFile => ({ path: pathOf(side), bytes: () => encodeGiftiSurface(mesh) }),
    )
    const urls = Object.fromEntries(parts.map(({ side }) => [`${side} hemisphere`, pathOf(side)]))
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
      const isBoth = sides.get(name)?.size === 2
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
  const entries = table.map(({ label, name, rgb = '#808080' }): GiftiLabel => {
    const channel = (at: number) => Number.parseInt(rgb.slice(at, at + 2), 16) / 255
    return { key: label, name, rgba: [channel(1), channel(3), channel(5), 1] }
  })
  return encodeGiftiLabels(labels, [{ key: 0, name: '???', rgba: [0, 0, 0, 0] }, ...entries])
}
