/** Which routes a function of the client takes, and what it is given for one: all from the generated table. */
import type { GetRoutes, Page, PostRoutes } from './routes.ts'
import type { FileAnswer } from './types.ts'

/** The keys of routes whose record fits. */
type Fitting<Routes, Record> = { [P in keyof Routes]: Routes[P] extends Record ? P : never }[keyof Routes] & string

export type GetPath = keyof GetRoutes & string
export type PostPath = keyof PostRoutes & string
type GetFile = Fitting<GetRoutes, { answer: FileAnswer }>
type PostFile = Fitting<PostRoutes, { answer: FileAnswer }>
/** Routes that answer with JSON. */
export type GetJson = Exclude<GetPath, GetFile>
export type PostJson = Exclude<PostPath, PostFile>
/** Listings. */
export type Paged = Fitting<GetRoutes, { answer: Page<unknown> }>
/** Tables, and what has them as another form. */
export type GetTable = Fitting<GetRoutes, { isTable: true }>
export type PostTable = Fitting<PostRoutes, { isTable: true }>
/** Volumes. */
export type GetVolume = Extract<GetFile, `${string}.nii.gz` | '/map/resampled_template'>
export type PostVolume = Extract<PostFile, `${string}.nii.gz`>

export type Answer<P extends GetPath> = GetRoutes[P]['answer']
export type Posted<P extends PostPath> = PostRoutes[P]['answer']
export type Body<P extends PostPath> = PostRoutes[P]['body']
export type Item<P extends Paged> = Answer<P> extends Page<infer T> ? T : never

/** Parameters and options, which may be left out where no parameter is needed. */
export type Args<P extends GetPath, Options> =
  Record<never, never> extends GetRoutes[P]['params']
    ? [params?: GetRoutes[P]['params'], options?: Options]
    : [params: GetRoutes[P]['params'], options?: Options]
