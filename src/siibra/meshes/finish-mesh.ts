import type { Mesh } from '../volumes/image.ts'
import { encodeGiftiSurface } from './encode-gifti.ts'
import { encodeObj } from './encode-obj.ts'
import { smoothMesh } from './smooth.ts'

export const MESH_FORMS = ['gii', 'glb', 'obj'] as const
export type MeshForm = (typeof MESH_FORMS)[number]

export interface FinishOptions {
  form: MeshForm
  name: string
  /** Rounds of smoothing. Default 0. */
  smoothRounds?: number
  /** How many of the triangles are left: above 0, up to 1. Default 1. */
  share?: number
  /** Colour of GLB, 0 to 1. */
  rgb?: readonly [number, number, number] | undefined
  /** What GIFTI and GLB tell beside. */
  meta?: Readonly<Record<string, string>>
}

/** A mesh smoothed, then with fewer triangles, as a file. What reduces and what writes GLB is loaded when it is needed. */
export async function finishMesh(mesh: Mesh, options: FinishOptions): Promise<Uint8Array> {
  const { form, name, smoothRounds = 0, share = 1, rgb, meta = {} } = options
  const smooth = smoothRounds > 0 ? smoothMesh(mesh, smoothRounds) : mesh
  const reduced = share < 1 ? await (await import('./reduce.ts')).reduceMesh(smooth, share) : smooth
  if (form === 'obj') return encodeObj(reduced, name)
  if (form === 'gii') return encodeGiftiSurface(reduced, { meta: { Name: name, ...meta } })
  const { encodeGlb } = await import('./encode-glb.ts')
  return encodeGlb(reduced, { name, extras: meta, ...(rgb ? { rgb } : {}) })
}
