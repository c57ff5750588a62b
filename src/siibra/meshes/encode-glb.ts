import { Document, WebIO } from '@gltf-transform/core'
import type { Mesh } from '../volumes/image.ts'

export interface GlbOptions {
  /** Name of the mesh and of the node that shows it. */
  name: string
  /** Colour of the surface, 0 to 1. Default a light grey. */
  rgb?: readonly [number, number, number]
  /** What else is told, as `extras` of the asset (parcellation, space ...). */
  extras?: Readonly<Record<string, unknown>>
}

/**
 * A mesh as binary glTF 2.0. Coordinates are those of the space in mm, right, anterior, superior: glTF's own convention (metres, y upwards)
 * would need a transformation that programs for brains do not undo; `extras.unit` and `extras.axes` say so.
 */
export async function encodeGlb({ vertices, faces }: Mesh, options: GlbOptions): Promise<Uint8Array> {
  const { name, rgb = [0.8, 0.8, 0.8], extras = {} } = options
  const document = new Document()
  document.getRoot().getAsset().generator = 'siibra-api'
  document.getRoot().setExtras({ unit: 'mm', axes: 'RAS', ...extras })
  const buffer = document.createBuffer()
  const position = document.createAccessor().setType('VEC3').setArray(vertices.slice()).setBuffer(buffer)
  const indices = document.createAccessor().setType('SCALAR').setArray(faces.slice()).setBuffer(buffer)
  const material = document
    .createMaterial()
    .setBaseColorFactor([...rgb, 1])
    .setRoughnessFactor(0.9)
    .setMetallicFactor(0)
  const primitive = document
    .createPrimitive()
    .setAttribute('POSITION', position)
    .setIndices(indices)
    .setMaterial(material)
  const mesh = document.createMesh(name).addPrimitive(primitive)
  document.createScene().addChild(document.createNode(name).setMesh(mesh))
  return new WebIO().writeBinary(document)
}
