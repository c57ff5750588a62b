/** A stand-in for an S3-compatible storage, on a free port of 127.0.0.1: as much of it as downloads use, signatures unchecked. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface ObjectStore {
  endpoint: string
  /** `<bucket>/<key>` -> what lies there. */
  objects: Map<string, { bytes: Buffer; modified: Date }>
  /** Method and path of each request. */
  requests: string[]
  /** Status with which everything is refused. */
  failsWith: number | undefined
  close(): Promise<void>
}

/** Keys on a page of a listing: few, so that tests see more than one. */
const PAGE = 2

export async function startObjectStore(): Promise<ObjectStore> {
  process.env.AWS_ACCESS_KEY_ID = 'test-key'
  process.env.AWS_SECRET_ACCESS_KEY = 'test-secret'
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const store: ObjectStore = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    requests: [],
    failsWith: undefined,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers } = request
    const { pathname, searchParams } = new URL(request.url ?? '/', store.endpoint)
    const path = decodeURIComponent(pathname.slice(1))
    store.requests.push(`${method} ${path}`)
    const body = await buffer(request)
    const refuse = (status: number, code: string) =>
      response.writeHead(status).end(method === 'HEAD' ? '' : `<Error><Code>${code}</Code></Error>`)
    if (store.failsWith !== undefined) return void refuse(store.failsWith, 'OutOfOrder')
    if (!headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=test-key/'))
      return void refuse(403, 'AccessDenied')
    if (method === 'PUT') {
      if (Number(headers['content-length']) !== body.length || headers['content-encoding'])
        return void refuse(501, 'Odd')
      store.objects.set(path, { bytes: body, modified: new Date() })
      return void response.writeHead(200, { etag: '"x"' }).end()
    }
    if (method === 'DELETE') {
      store.objects.delete(path)
      return void response.writeHead(204).end()
    }
    if (searchParams.get('list-type') === '2') return void response.writeHead(200).end(list(path, searchParams))
    const object = store.objects.get(path)
    if (!object) return void refuse(404, 'NoSuchKey')
    const { bytes, modified } = object
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
    const part = first === undefined ? bytes : bytes.subarray(Number(first), Number(last) + 1)
    response.writeHead(first === undefined ? 200 : 206, {
      'content-length': part.length,
      'last-modified': modified.toUTCString(),
    })
    response.end(method === 'HEAD' ? '' : part)
  }

  function list(path: string, asked: URLSearchParams): string {
    const bucket = path.replace(/\/?$/, '/')
    const after = asked.get('continuation-token') ?? ''
    const keys = [...store.objects.keys()]
      .filter((key) => key.startsWith(`${bucket}${asked.get('prefix') ?? ''}`) && key > after)
      .sort()
    const page = keys.slice(0, PAGE).map((key) => {
      const modified = store.objects.get(key)?.modified.toISOString()
      return `<Contents><Key>${key.slice(bucket.length)}</Key><LastModified>${modified}</LastModified></Contents>`
    })
    const isTruncated = keys.length > PAGE
    const next = isTruncated ? `<NextContinuationToken>${keys[PAGE - 1]}</NextContinuationToken>` : ''
    return `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${next}${page.join('')}</ListBucketResult>`
  }

  return store
}
