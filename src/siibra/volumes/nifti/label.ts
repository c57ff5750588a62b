/** What a NIfTI file tells of itself beside its voxels. */

export interface NiftiLabel {
  /** One line of at most 79 plain characters: what the image is. */
  description: string
  /** Where it comes from; stands in an extension of the file, as JSON. */
  provenance: Readonly<Record<string, string>>
  /** Whether world coordinates are those of an MNI space: `sform_code` 4 instead of 2. */
  isMni: boolean
}

const DESCRIPTION_BYTES = 80
/** NIFTI_ECODE_COMMENT: plain text. */
const COMMENT = 6
const MNI_152 = 4
const MILLIMETRES = 2

/** A header of 352 bytes with the label put in: longer by the extension, with the offset of the voxels set. */
export function labelNiftiHeader(header: Uint8Array, { description, provenance, isMni }: NiftiLabel): Uint8Array {
  const text = Buffer.from(JSON.stringify(provenance))
  // eight bytes of size and code come before the text; sizes are multiples of 16
  const extensionBytes = Math.ceil((8 + text.length) / 16) * 16
  const bytes = new Uint8Array(header.length + extensionBytes)
  bytes.set(header)
  bytes.set(text, header.length + 8)
  const view = new DataView(bytes.buffer)
  view.setInt32(header.length, extensionBytes, true)
  view.setInt32(header.length + 4, COMMENT, true)
  view.setUint8(348, 1)
  view.setFloat32(108, bytes.length, true)
  view.setUint8(123, MILLIMETRES)
  bytes.set(plainBytes(description, DESCRIPTION_BYTES - 1), 148)
  if (isMni) view.setInt16(254, MNI_152, true)
  return bytes
}

/** Letters without their accents; what is not plain then is a question mark. */
function plainBytes(text: string, most: number): Uint8Array {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  return Buffer.from(plain.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, most))
}
