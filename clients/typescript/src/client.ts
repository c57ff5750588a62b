import { ApiError } from './errors.ts'
import { ARROW, type ArrowTable, type Frame, frameOfArrow, frameOfLines, LINES } from './frame.ts'
import { type Nifti, readNifti } from './nifti.ts'
import type {
  Answer,
  Args,
  Body,
  GetJson,
  GetPath,
  GetTable,
  GetVolume,
  Item,
  Paged,
  Posted,
  PostJson,
  PostPath,
  PostTable,
  PostVolume,
} from './paths.ts'
import type { Page, PostRoutes, TaskModel } from './routes.ts'
import { createSend, pause, type Received } from './send.ts'
import type { BodyOptions, ClientOptions, FileBody, RequestOptions } from './types.ts'
import { type Params, urlOf } from './url.ts'

/** With `arrow` (`tableFromIPC` of `apache-arrow`) a table comes as an Arrow stream: half the bytes, a tenth of the time. */
export interface FrameOptions {
  arrow?: (bytes: Uint8Array) => ArrowTable
}

export interface TaskOptions extends RequestOptions {
  /** Called whenever the service was asked how far it is. */
  onTask?: (task: TaskModel) => void
}

/** Of a POST, what is sent. */
type WithBody<P extends PostPath> = BodyOptions & { body: Body<P> }
type PostParams<P extends PostPath> = PostRoutes[P]['params']

export interface Client {
  /** The address that paths stand behind, version included. */
  readonly base: string
  /** The address of a route, to be shown or opened elsewhere. */
  url<P extends GetPath>(path: P, ...args: Args<P, never>): string
  /** What a route answers. */
  get<P extends GetJson>(path: P, ...args: Args<P, RequestOptions>): Promise<Answer<P>>
  /** What a route answers to a body: an object is sent as JSON. */
  post<P extends PostJson>(path: P, params: PostParams<P>, options: WithBody<P>): Promise<Posted<P>>
  /** The pages of a listing, each asked for when it is needed. */
  pages<P extends Paged>(path: P, ...args: Args<P, RequestOptions>): AsyncGenerator<Answer<P>, void>
  /** The items of a listing, page after page. */
  items<P extends Paged>(path: P, ...args: Args<P, RequestOptions>): AsyncGenerator<Item<P>, void>
  /** All items of a listing at once; pages behind the first one are asked for beside each other. */
  all<P extends Paged>(path: P, ...args: Args<P, RequestOptions>): Promise<Item<P>[]>
  /** A table by columns; of a listing the whole. */
  table<P extends GetTable>(path: P, ...args: Args<P, RequestOptions & FrameOptions>): Promise<Frame>
  table<P extends PostTable>(path: P, params: PostParams<P>, options: WithBody<P> & FrameOptions): Promise<Frame>
  /** A volume. */
  nifti<P extends GetVolume>(path: P, ...args: Args<P, RequestOptions>): Promise<Nifti>
  nifti<P extends PostVolume>(path: P, params: PostParams<P>, options: WithBody<P>): Promise<Nifti>
  /** The bytes of any answer: pictures, meshes, archives, texts. */
  bytes<P extends GetPath>(path: P, ...args: Args<P, RequestOptions>): Promise<Uint8Array<ArrayBuffer>>
  bytes<P extends PostPath>(path: P, params: PostParams<P>, options: WithBody<P>): Promise<Uint8Array<ArrayBuffer>>
  /** The same for what takes long: sent, followed, fetched. `signal` ends it at the service, too. */
  task<P extends GetPath>(path: P, ...args: Args<P, TaskOptions>): Promise<Uint8Array<ArrayBuffer>>
  task<P extends PostPath>(
    path: P,
    params: PostParams<P>,
    options: WithBody<P> & TaskOptions,
  ): Promise<Uint8Array<ArrayBuffer>>
}

interface AnyOptions extends BodyOptions, FrameOptions, TaskOptions {
  body?: unknown
}

const PAGES_AT_ONCE = 4
const LARGEST_PAGE = 100
const LOOK_AGAIN_MS = 500

/**
 * A client of the service at an address, such as `http://127.0.0.1:5000/v3_0`. Its functions throw an ApiError where the
 * service has no answer, and the signal's reason where they were ended.
 */
export function createClient(address: string, options: ClientOptions = {}): Client {
  const base = address.replace(/\/+$/, '')
  const send = createSend(options)

  function request(path: string, params?: Params, given: AnyOptions = {}, headers = {}): Promise<Received> {
    const { body, contentType, signal, onProgress } = given
    const sent = { signal, ...(onProgress && { onProgress }) }
    const url = urlOf(base, path, params)
    if (body === undefined) return send(url, { ...sent, headers: { ...given.headers, ...headers } })
    const [content, type] = bodyOf(body, contentType)
    const withType = { ...given.headers, ...headers, ...(type && { 'content-type': type }) }
    return send(url, { ...sent, method: 'POST', body: content, headers: withType })
  }

  const json = async (path: string, params?: Params, given?: AnyOptions) =>
    parse((await request(path, params, given)).bytes)

  async function* pages(path: string, params?: Params, given?: AnyOptions) {
    for (let page = Number(params?.page ?? 1); ; page++) {
      const answer = (await json(path, { ...params, page }, given)) as Page<unknown>
      yield answer
      if (page >= answer.pages) return
    }
  }

  async function* items(path: string, params?: Params, given?: AnyOptions) {
    for await (const page of pages(path, { size: LARGEST_PAGE, ...params }, given)) yield* page.items
  }

  async function all(path: string, params?: Params, given?: AnyOptions) {
    const ask = (page: number) => json(path, { size: LARGEST_PAGE, ...params, page }, given) as Promise<Page<unknown>>
    const first = await ask(1)
    const found = [first]
    for (let page = 2; page <= first.pages; page += PAGES_AT_ONCE) {
      const count = Math.min(PAGES_AT_ONCE, first.pages - page + 1)
      found.push(...(await Promise.all(Array.from({ length: count }, (_, n) => ask(page + n)))))
    }
    return found.flatMap((page) => page.items)
  }

  async function table(path: string, params?: Params, given: AnyOptions = {}) {
    const { arrow } = given
    const { bytes } = await request(path, params, given, { accept: arrow ? ARROW : LINES })
    if (!arrow) return frameOfLines(bytes)
    const read = arrow(bytes)
    return frameOfArrow(read, read)
  }

  async function task(path: string, params?: Params, given: AnyOptions = {}) {
    const { status, headers, bytes } = await request(path, params, given, { prefer: 'respond-async' })
    if (status !== 202) return bytes
    const own = new URL(headers.get('location') ?? '', `${base}/`).href
    const { signal, onTask, onProgress } = given
    const progress = { signal, ...(onProgress && { onProgress }) }
    try {
      for (;;) {
        const state = parse((await send(own, { signal })).bytes) as TaskModel
        onTask?.(state)
        if (state.status === 'FAILURE') throw new ApiError(500, 'TASK_FAILED', state.detail ?? 'It failed', own)
        if (state.status === 'SUCCESS') return (await send(`${own}/result`, progress)).bytes
        await pause(LOOK_AGAIN_MS, signal)
      }
    } catch (thrown) {
      if (signal?.aborted) await send(own, { method: 'DELETE' }).catch(() => {})
      throw thrown
    }
  }

  const bytes = async (path: string, params?: Params, given?: AnyOptions) => (await request(path, params, given)).bytes
  const client = {
    base,
    url: (path: string, params?: Params) => urlOf(base, path, params),
    get: json,
    post: json,
    pages,
    items,
    all,
    table,
    nifti: async (path: string, params?: Params, given?: AnyOptions) => readNifti(await bytes(path, params, given)),
    bytes,
    task,
  }
  // what each takes and gives is told by the types of the routes, which do not exist when it runs
  return client as unknown as Client
}

const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes))

/** A body and its media type; a form has one of its own. */
function bodyOf(body: unknown, contentType?: string): [FileBody, string?] {
  if (body instanceof FormData) return [body]
  if (typeof body === 'string') return [body, contentType ?? 'text/csv']
  if (body instanceof Blob) return [body, contentType ?? (body.type || 'application/octet-stream')]
  if (body instanceof ArrayBuffer || body instanceof Uint8Array)
    return [body as Uint8Array<ArrayBuffer>, contentType ?? 'application/octet-stream']
  return [JSON.stringify(body), 'application/json']
}
