/** The template of the space: named, or what is left of the volumes and looks like one. */

import { badFlag } from '../errors.ts'
import type { Journal } from '../journal.ts'
import { isVolume, openFile, type Source, type SourceFile } from '../source/files.ts'
import type { PlannedVolume } from '../types.ts'
import { evenness } from '../volumes/census.ts'
import { readVolume } from '../volumes/read-volume.ts'
import { placeAllenTemplate } from './allen.ts'
import { plannedVolume } from './volumes.ts'

const LIKELY = /T1w?|T2w?|template|reference|average|avg|brain|mni|ch2|colin|anat|icbm/i

export async function planTemplate(
  given: string | undefined,
  source: Source,
  used: ReadonlySet<SourceFile>,
  slug: string,
  journal: Journal,
): Promise<PlannedVolume | undefined> {
  if (given !== undefined) {
    const file = await openFile(given, '--template')
    const volume = placeAllenTemplate(await readVolume(file))
    if (!volume.hasPlace) throw badFlag('--template', `${given} has no place in any space: its header has no affine`)
    if (volume.image.shape.length !== 3)
      throw badFlag('--template', `${given} has ${volume.image.shape.length} axes, not 3`)
    journal.taken.push(`the template from ${given}`)
    return plannedVolume(`${slug}-template`, volume, false)
  }
  if (source.main) return undefined
  const candidates: SourceFile[] = []
  for (const file of source.files.filter((one) => isVolume(one) && !used.has(one))) {
    if (journal.leftOut.some((one) => one.file === file.file)) continue
    const volume = await readVolume(file).catch(() => undefined)
    if (volume?.hasPlace && volume.image.shape.length === 3 && evenness(volume.image) < 0.5) candidates.push(file)
  }
  const likely = candidates.filter(({ file }) => LIKELY.test(file))
  const [file] = likely.length > 0 ? likely : candidates
  if (!file) return undefined
  await journal.guess('--template', 'No template is named. Is it', file.file)
  journal.taken.push(`the template from ${file.file}`)
  return plannedVolume(`${slug}-template`, placeAllenTemplate(await readVolume(file)), false)
}
