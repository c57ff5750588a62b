/** A client of siibra-api: see README.md. */
export { type Client, createClient, type FrameOptions, type TaskOptions } from './client.ts'
export { ApiError, errorOf } from './errors.ts'
export type { ArrowTable, Column, Frame } from './frame.ts'
export { type Nifti, readNifti, type Voxels } from './nifti.ts'
export type { Answer, GetPath, Item, Paged, PostPath } from './paths.ts'
export type * from './routes.ts'
export type { BodyOptions, ClientOptions, FileBody, RequestOptions } from './types.ts'
