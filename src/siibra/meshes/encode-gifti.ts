import { deflateSync } from 'node:zlib'
import { escapeXml } from '../escape-xml.ts'
import type { Mesh } from '../volumes/image.ts'

/** What a GIFTI file tells of itself besides its numbers. */
export interface GiftiMeta {
  /** Entries of the file's MetaData, such as the name of the region and the space. */
  meta?: Readonly<Record<string, string>>
}

/** A mesh as a GIFTI surface (`.surf.gii`): vertices in mm as float32, triangles as int32, both zlib-compressed and little-endian. */
export function encodeGiftiSurface({ vertices, faces }: Mesh, { meta = {} }: GiftiMeta = {}): Uint8Array {
  const pointSet = dataArray({
    intent: 'NIFTI_INTENT_POINTSET',
    dataType: 'NIFTI_TYPE_FLOAT32',
    dims: [vertices.length / 3, 3],
    bytes: bytesOf(vertices),
    // scanner-anatomical to itself: the coordinates are those of the space
    inner: COORDINATE_SYSTEM,
  })
  const triangles = dataArray({
    intent: 'NIFTI_INTENT_TRIANGLE',
    dataType: 'NIFTI_TYPE_INT32',
    dims: [faces.length / 3, 3],
    bytes: bytesOf(Int32Array.from(faces)),
  })
  return file(meta, '', [pointSet, triangles])
}

/** An entry of a table of labels; colours from 0 to 1. */
export interface GiftiLabel {
  key: number
  name: string
  rgba: readonly [number, number, number, number]
}

/** Labels of the vertices of a surface as GIFTI (`.label.gii`), with their names and colours. */
export function encodeGiftiLabels(
  labels: Int32Array,
  table: readonly GiftiLabel[],
  { meta = {} }: GiftiMeta = {},
): Uint8Array {
  const rows = table.map(({ key, name, rgba: [red, green, blue, alpha] }) => {
    const colour = `Red="${red}" Green="${green}" Blue="${blue}" Alpha="${alpha}"`
    return `<Label Key="${key}" ${colour}>${escapeXml(name)}</Label>`
  })
  const array = dataArray({
    intent: 'NIFTI_INTENT_LABEL',
    dataType: 'NIFTI_TYPE_INT32',
    dims: [labels.length],
    bytes: bytesOf(labels),
  })
  return file(meta, `<LabelTable>${rows.join('')}</LabelTable>`, [array])
}

const COORDINATE_SYSTEM = `<CoordinateSystemTransformMatrix>
<DataSpace>NIFTI_XFORM_ALIGNED_ANAT</DataSpace><TransformedSpace>NIFTI_XFORM_ALIGNED_ANAT</TransformedSpace>
<MatrixData>1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1</MatrixData>
</CoordinateSystemTransformMatrix>`

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

interface DataArray {
  intent: string
  dataType: string
  dims: readonly number[]
  bytes: Uint8Array
  inner?: string
}

function dataArray({ intent, dataType, dims, bytes, inner = '' }: DataArray): string {
  const sizes = dims.map((size, axis) => `Dim${axis}="${size}"`).join(' ')
  return `<DataArray Intent="${intent}" DataType="${dataType}" ArrayIndexingOrder="RowMajorOrder" Dimensionality="${dims.length}" ${sizes} Encoding="GZipBase64Binary" Endian="LittleEndian" ExternalFileName="" ExternalFileOffset="">
<MetaData/>${inner}
<Data>${deflateSync(bytes).toString('base64')}</Data>
</DataArray>`
}

function file(meta: Readonly<Record<string, string>>, table: string, arrays: readonly string[]): Uint8Array {
  const entries = Object.entries(meta).map(
    ([name, value]) => `<MD><Name>${escapeXml(name)}</Name><Value>${escapeXml(value)}</Value></MD>`,
  )
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE GIFTI SYSTEM "http://www.nitrc.org/frs/download.php/115/gifti.dtd">
<GIFTI Version="1.0" NumberOfDataArrays="${arrays.length}">
<MetaData>${entries.join('')}</MetaData>${table || '<LabelTable/>'}
${arrays.join('\n')}
</GIFTI>
`)
}
