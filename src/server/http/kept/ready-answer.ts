/**
 * Answers whose head is text that was made before. Node validates and joins a dozen headers for every answer, a tenth of what
 * a cached one costs (docs/performance.md); of a cached answer only the request id and the date change.
 */
import { type IncomingMessage, ServerResponse, STATUS_CODES, validateHeaderValue } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { HeaderList } from '../exchange.ts'
import { boundSending } from '../slow-readers.ts'

/** Longer than proxies keep idle connections, so that they are the ones to close them. */
export const KEEP_ALIVE_MS = 75_000
const CONNECTION_LINES = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1000}\r\n\r\n`

/** Bodies up to this go straight to the socket: the system mostly takes them at once. */
const MAX_DIRECT_BYTES = 64 * 1024

export interface ReadyAnswer {
  status: number
  /** Validator of the identity. */
  etag: string
  /** Without the length, the request id and what node adds. */
  headers: HeaderList
  /** What node would otherwise make of it for each answer. */
  body: Buffer
  /** Status line and headers, with the length. */
  headText: string
}

/** Undefined where node would refuse one of the headers. */
export function makeReady(
  answer: Omit<ReadyAnswer, 'headText' | 'body'> & { body: Uint8Array },
): ReadyAnswer | undefined {
  const { status, headers } = answer
  const body = Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength)
  let headText = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: ${body.byteLength}\r\n`
  try {
    for (let i = 0; i < headers.length; i += 2) validateHeaderValue(headers[i] as string, headers[i + 1] as string)
    headText += headerLines(headers)
  } catch {
    return undefined
  }
  return { ...answer, body, headText }
}

/** Headers as they stand in the head of an answer. */
export function headerLines(headers: HeaderList): string {
  let lines = ''
  for (let i = 0; i < headers.length; i += 2) lines += `${headers[i]}: ${headers[i + 1]}\r\n`
  return lines
}

/** Headers that depend on the URL alone, as a list and as lines. */
export interface HeadersOfUrl {
  ofUrl: HeaderList
  ofUrlText: string
}

/** Fields that node's own `writeHead` and `end` leave in a response, in all versions so far. */
interface Internals {
  _header?: string | null
  _headerSent?: boolean
}

/** Whether this node sends what is written into these fields, and nothing else; found out once. */
let areInternalsKnown: boolean | undefined

/**
 * Sends an answer with one header through a response of its own, and compares the bytes with what they should be: fields that
 * a version of node does not have, or uses otherwise, turn the short way off by themselves.
 */
export function checkInternals(): boolean {
  const written: Buffer[] = []
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer | string, _encoding, done) {
      written.push(Buffer.from(chunk))
      done()
    },
  })
  try {
    const request = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1, headers: {} }
    const response = new ServerResponse(request as IncomingMessage)
    response.assignSocket(socket as Socket)
    const answer = makeReady({ status: 200, etag: '"x"', headers: ['etag', '"x"'], body: Buffer.from('body') })
    if (answer === undefined || !areUntouched(response)) return false
    writeDirectly(response, answer, 'id', { ofUrl: [], ofUrlText: '' })
    const [head = '', body] = Buffer.concat(written).toString('latin1').split('\r\n\r\n')
    const lines = head.split('\r\n').filter((line) => !line.startsWith('Date: '))
    const expected = `${answer.headText}x-request-id: id\r\n${CONNECTION_LINES}`.split('\r\n').filter(Boolean)
    return body === 'body' && response.writableEnded && lines.join() === expected.join()
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

function areUntouched(response: ServerResponse): boolean {
  // fields of node that its types do not tell: `checkInternals` sees whether they are there
  const { _header, _headerSent } = response as unknown as Internals
  return _header === null && _headerSent === false
}

/** Sends it; by node's `writeHead` where the connection is to be closed or a version of node does it otherwise. */
export function sendReady(response: ServerResponse, answer: ReadyAnswer, requestId: string, more: HeadersOfUrl): void {
  const { status, headers, body } = answer
  areInternalsKnown ??= checkInternals()
  if (!areInternalsKnown || !areUntouched(response) || !response.shouldKeepAlive) {
    response.writeHead(status, [
      ...headers,
      ...more.ofUrl,
      ...['content-length', String(body.byteLength), 'x-request-id', requestId],
    ])
    response.end(body)
    return
  }
  writeDirectly(response, answer, requestId, more)
}

function writeDirectly(response: ServerResponse, answer: ReadyAnswer, requestId: string, more: HeadersOfUrl): void {
  const { status, headText, body } = answer
  // as in `areUntouched`
  const internals = response as unknown as Internals
  const head = `${headText}${more.ofUrlText}x-request-id: ${requestId}\r\n${dateLine()}${CONNECTION_LINES}`
  const { socket } = response
  response.statusCode = status
  internals._header = head
  // behind other answers, or of a size that may have to wait in the socket, node sends it piece by piece
  if (socket === null || socket.writableLength > 0 || body.byteLength > MAX_DIRECT_BYTES) {
    boundSending(response, body.byteLength)
    return void response.end(body)
  }
  internals._headerSent = true
  socket.cork()
  socket.write(head, 'latin1')
  socket.write(body)
  socket.uncork()
  response.end()
}

/** Sends what tells the client that it has the answer already. */
export function sendNotModified(
  response: ServerResponse,
  { headers }: ReadyAnswer,
  requestId: string,
  ofUrl: HeaderList,
): void {
  response.writeHead(304, [...headers, ...ofUrl, 'x-request-id', requestId])
  response.end()
}

let line = ''
let lineSecond = 0

function dateLine(): string {
  const nowMs = Date.now()
  const second = Math.floor(nowMs / 1000)
  if (second !== lineSecond) {
    lineSecond = second
    line = `Date: ${new Date(nowMs).toUTCString()}\r\n`
  }
  return line
}
