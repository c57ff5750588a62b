import { type AtlasCore, gzipNifti, type Image, type Space } from '../../siibra/index.ts'
import type { HandlerAnswer } from '../../tasks/task.ts'
import { type Origin, provenanceOf } from '../provenance.ts'
import { fileAnswer } from './nifti-answer.ts'

export interface LabelledNifti {
  /** What the values were made of. */
  origin: Origin
  /** One line: what the image shows. */
  description: string
  fileName: string
  /** More that the file tells of its making: `{ region: ..., threshold: ... }`. */
  more?: Readonly<Record<string, string>>
  headers?: Record<string, string>
  signal?: AbortSignal
}

/**
 * An image as a .nii.gz file that tells where it comes from: `descrip`, an extension with the origin as JSON, `sform_code`
 * 4 in MNI spaces. For routes whose answers are not recorded from the original; those have `niftiAnswer`.
 */
export async function labelledNiftiAnswer(
  core: AtlasCore,
  image: Image,
  { origin, description, fileName, more = {}, headers = {}, signal }: LabelledNifti,
): Promise<HandlerAnswer> {
  const provenance = { description, ...more, ...(await provenanceOf(core, origin)) }
  const space = origin.space ?? origin.map?.space
  const label = { description, provenance, isMni: space !== undefined && isMniSpace(space) }
  return fileAnswer(await gzipNifti(image, signal, label), fileName, headers)
}

/** MNI 152 and Colin 27: human spaces that say so in their names. */
const isMniSpace = ({ name, species }: Space): boolean => species === 'Homo sapiens' && /^MNI\b/.test(name)
