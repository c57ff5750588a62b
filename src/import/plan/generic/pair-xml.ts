/** Atlases in XML (FSL, SPM), which name their images. */
import { dirname, join } from 'node:path/posix'
import { badSource, some } from '../../errors.ts'
import { isVolume, type Source, type SourceFile, stemOf } from '../../source/files.ts'
import type { ReadVolume } from '../../types.ts'
import { finest, type GenericOptions, type Pair, type Volumes } from './pair.ts'
import { placed } from './volumes.ts'

/** Atlases in XML name their images. */
export async function pairXml(options: GenericOptions, reader: Volumes): Promise<Pair[]> {
  const { source, found, journal } = options
  const withImages = found.tables.flatMap((one) => {
    const { images = [] } = one.table
    return images.length > 0 ? [{ ...one, named: images }] : []
  })
  const chosen =
    source.main && withImages.some((one) => one.source === source.main)
      ? withImages.filter((one) => one.source === source.main)
      : withImages
  const pairs: Pair[] = []
  for (const { source: tableFile, table, isGiven, named } of chosen) {
    const images = named.flatMap(({ file, isSummary }) => {
      const image = findImage(source, isGiven ? '' : tableFile.file, file)
      return image ? [{ image, isSummary }] : []
    })
    if (images.length === 0) {
      // one of the volumes may be meant all the same
      if (source.files.some(isVolume)) continue
      throw badSource(
        table.file,
        `none of its images is there: ${some(named.map(({ file }) => file))}`,
        'Put them where it says, relative to the XML file.',
      )
    }
    const byFile = [...new Map(images.map((one) => [one.image, one])).values()]
    const read = await Promise.all(
      byFile.map(async ({ image, isSummary }) => ({ file: image, volume: await reader.read(image), isSummary })),
    )
    const common = { table, tableFile, byRow: false, group: table.file, name: table.atlas?.name ?? stemOf(table.file) }
    const full = finest(read.filter(({ volume }) => volume.image.shape.length === 4))
    const flat = read.filter(({ volume }) => volume.image.shape.length === 3)
    const summary = finest(full ? flat.filter(({ volume }) => isSameSize(volume, full.volume)) : flat) ?? finest(flat)
    for (const one of full ? [full, summary] : [summary]) {
      if (one) pairs.push({ file: one.file, volume: await placed(one.volume, table, journal), ...common })
    }
    for (const { file } of read.filter((one) => one !== full && one !== summary)) {
      journal.leftOut.push({ file: file.file, why: `a coarser image of ${table.file}` })
    }
    if (!full && table.positions) {
      journal.notes.push(
        `The 4D file of ${table.file} is not there: its summary image was taken, whose value is the index + 1`,
      )
    }
  }
  return pairs
}

/** `/JHU/JHU-ICBM-labels-2mm` is relative to the folder of the XML file, and has no extension. */
function findImage({ files }: Source, xml: string, image: string): SourceFile | undefined {
  const base = join(dirname(xml), image.replace(/^\/+/, ''))
  const volumes = files.filter(isVolume)
  return (
    volumes.find(({ file }) => file === base) ??
    volumes.find(({ file }) => file === `${base}.nii.gz` || file === `${base}.nii`) ??
    // the XML file may have been moved beside the image
    volumes.find(({ file }) => stemOf(file) === stemOf(image))
  )
}

const isSameSize = (a: ReadVolume, b: ReadVolume) =>
  a.image.shape.slice(0, 3).join() === b.image.shape.slice(0, 3).join()
