import { deflateSync } from 'node:zlib'
import type { Mesh } from '../../siibra/index.ts'
import { textBytes } from '../part.ts'

/** A surface as GIFTI: coordinates (mm) and triangles, GZipBase64Binary. */
export function encodeGiftiMesh({ vertices, faces }: Mesh): Uint8Array {
  return giftiFile([
    dataArray('NIFTI_INTENT_POINTSET', 'NIFTI_TYPE_FLOAT32', vertices, [vertices.length / 3, 3]),
    dataArray('NIFTI_INTENT_TRIANGLE', 'NIFTI_TYPE_INT32', Int32Array.from(faces), [faces.length / 3, 3]),
  ])
}

/** One label per vertex as GIFTI. */
export function encodeGiftiLabels(labels: Int32Array): Uint8Array {
  return giftiFile([dataArray('NIFTI_INTENT_LABEL', 'NIFTI_TYPE_INT32', labels, [labels.length])])
}

function giftiFile(arrays: string[]): Uint8Array {
  return textBytes(
    `<?xml version="1.0" encoding="UTF-8"?>\n<GIFTI Version="1.0" NumberOfDataArrays="${arrays.length}">\n` +
      `<MetaData/>\n<LabelTable/>\n${arrays.join('')}</GIFTI>\n`,
  )
}

function dataArray(intent: string, dataType: string, data: Float32Array | Int32Array, dims: number[]): string {
  const bytes = deflateSync(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  const dimensions = dims.map((size, axis) => `Dim${axis}="${size}"`).join(' ')
  return (
    `<DataArray Intent="${intent}" DataType="${dataType}" ArrayIndexingOrder="RowMajorOrder" ` +
    `Dimensionality="${dims.length}" ${dimensions} Encoding="GZipBase64Binary" Endian="LittleEndian" ` +
    `ExternalFileName="" ExternalFileOffset="0">\n<Data>${bytes.toString('base64')}</Data>\n</DataArray>\n`
  )
}
