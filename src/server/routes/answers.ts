import Type, { type TSchema } from 'typebox'
import type { FileAnswer } from './route.ts'

/** An object whose model is not written down yet: any properties. */
export const jsonObject = (title: string): TSchema => Type.Object({}, { title, additionalProperties: true })

/** A page of such objects. */
export const openPageOf = (title: string): TSchema =>
  Type.Object(
    {
      items: Type.Array(jsonObject(title)),
      total: Type.Integer({ minimum: 0 }),
      page: Type.Integer({ minimum: 1 }),
      size: Type.Integer({ minimum: 1 }),
      pages: Type.Integer({ minimum: 0 }),
    },
    { title: `Page_${title}_` },
  )

/** A gzipped NIfTI file; sent as octet-stream, as the original does. */
export const niftiFile = (description: string): { file: FileAnswer } => ({
  file: { mediaType: 'application/octet-stream', description },
})
