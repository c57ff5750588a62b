import type { Mesh } from '../volumes/image.ts'

const CHUNK = 4096

/**
 * A mesh as Wavefront OBJ: coordinates in mm with up to six digits behind the point, vertices numbered from 1.
 * @param name Name of the object; what would end its line is left out.
 */
export function encodeObj({ vertices, faces }: Mesh, name: string): Uint8Array {
  const parts = [`o ${name.replaceAll(/[\r\n]+/g, ' ')}\n`]
  const write = (count: number, line: (at: number) => string) => {
    for (let from = 0; from < count; from += CHUNK) {
      let text = ''
      for (let n = from; n < Math.min(from + CHUNK, count); n++) text += line(3 * n)
      parts.push(text)
    }
  }
  const number = (value: number) => String(Math.round(value * 1e6) / 1e6)
  write(vertices.length / 3, (at) => {
    return `v ${number(vertices[at]!)} ${number(vertices[at + 1]!)} ${number(vertices[at + 2]!)}\n`
  })
  write(faces.length / 3, (at) => `f ${faces[at]! + 1} ${faces[at + 1]! + 1} ${faces[at + 2]! + 1}\n`)
  return Buffer.from(parts.join(''))
}
