import type { VertexLabels } from './labels.ts'

/** As much of GIFTI as the page needs. Reads a `.label.gii` as the service writes it: one array of int32, zlib and base64, little endian. */
export async function readVertexLabels(file: ArrayBuffer): Promise<VertexLabels> {
  const document = new DOMParser().parseFromString(new TextDecoder().decode(file), 'application/xml')
  const names = new Map(
    [...document.querySelectorAll('LabelTable > Label')].map((label) => [
      Number(label.getAttribute('Key')),
      label.textContent ?? '',
    ]),
  )
  const text = document.querySelector('DataArray > Data')?.textContent
  if (!text) throw new Error('The service sent labels of a surface that cannot be read.')
  const packed = Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0))
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'))
  return { labels: new Int32Array(await new Response(inflated).arrayBuffer()), names }
}
