import type { Specification, SpecificationReader } from '../configuration/specification.ts'
import type { FeatureTypeName } from './types.ts'

interface ImageType {
  type: FeatureTypeName
  /** As answers name it. */
  modality: string
}

/** Modalities of images as configurations write them; those with `MRI` or `(dti)` in them come under the rule below. */
const IMAGE_TYPES: Readonly<Record<string, ImageType>> = {
  'cell body staining': { type: 'CellBodyStainedVolumeOfInterest', modality: 'cell body staining' },
  blockface: { type: 'BlockfaceVolumeOfInterest', modality: 'blockface' },
  'PLI HSV fibre orientation map': { type: 'PLIVolumeOfInterest', modality: 'HSV fibre orientation map' },
  transmittance: { type: 'PLIVolumeOfInterest', modality: 'transmittance' },
  XPCT: { type: 'XPCTVolumeOfInterest', modality: 'XPCT' },
  DTI: { type: 'DTIVolumeOfInterest', modality: 'DTI' },
  LSFM: { type: 'LSFMVolumeOfInterest', modality: 'Light Sheet Fluorescence Microscopy' },
  morphometry: { type: 'MorphometryVolumeOfInterest', modality: 'Morphometry' },
}

/** Which type of image a specification describes, by its `@type` and `modality`. */
export function imageTypeOf(reader: SpecificationReader, spec: Specification): ImageType {
  const modality = reader.optionalText(spec, 'modality') ?? ''
  if (spec['@type'] === 'siibra/feature/section/v0.1') {
    if (modality === 'cell body staining') return { type: 'CellbodyStainedSection', modality }
  } else {
    const known = IMAGE_TYPES[modality]
    if (known) return known
    if (modality.includes('MRI')) return { type: 'MRIVolumeOfInterest', modality }
    if (/\bdti\b/i.test(modality)) return { type: 'DTIVolumeOfInterest', modality }
  }
  return reader.fail('modality', `${JSON.stringify(modality)} is not known`)
}
