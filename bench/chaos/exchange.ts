/** One exchange over HTTP, and what it is counted as. An answer that lacks something and says so is refused in part. */
import { createHash } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** `answered`: whole, and no fault of the service; whether it is right, a comparison tells. */
export type Outcome =
  | { kind: 'answered'; digest: string }
  | { kind: 'refused'; why: string }
  | { kind: 'wrong'; why: string }
  | { kind: 'lost'; why: string }

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  outcome(): Outcome
}

export interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** Nobody waits longer: by then a request has had its answer, or is lost. */
const ANSWER_WITHIN_MS = 45_000

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export const fail = (why: string): Outcome => ({ kind: 'lost', why })

export function send(base: string, path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Reply> {
  const { hostname, port } = new URL(base)
  return new Promise((done) => {
    const lost = (error: Error) =>
      done({ status: 0, headers: {}, bytes: Buffer.alloc(0), outcome: () => fail(`${error}`) })
    const url = encodeURI(path).replaceAll('%25', '%')
    const sent = request(
      { hostname, port, path: url, method, headers, agent, timeout: ANSWER_WITHIN_MS },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', lost)
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response
          if (!response.complete) return lost(new Error('cut short'))
          const bytes = Buffer.concat(chunks)
          done({ status, headers, bytes, outcome: () => judge(status, headers, bytes) })
        })
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    // a connection that was kept open is closed by the other side just as it is used again: browsers ask once more, too
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (sent.reusedSocket && error.code === 'ECONNRESET')
        send(base, path, { method, headers, ...(body ? { body } : {}) }).then(done)
      else lost(error)
    })
    sent.end(body)
  })
}

/** Statuses by which a service says that something is not to be had now; they may be asked again. */
const HONEST: ReadonlySet<number> = new Set([429, 502, 503, 504])
const WITH_RETRY_AFTER: ReadonlySet<number> = new Set([429, 503, 504])

function judge(status: number, headers: IncomingHttpHeaders, bytes: Buffer): Outcome {
  const gaps = headers['x-siibra-gaps']
  if (status < 400 && gaps !== undefined) return { kind: 'refused', why: `in part, which is said (gaps: ${gaps})` }
  if (status < 400) return { kind: 'answered', digest: digestOf(status, bytes) }
  const detail = detailOf(bytes)
  const told = `${status} ${detail ?? bytes.toString('utf8', 0, 200)}`
  if (detail === undefined) return { kind: 'wrong', why: `without the envelope: ${told}` }
  if (!HONEST.has(status))
    return status < 500 ? { kind: 'answered', digest: digestOf(status, bytes) } : { kind: 'wrong', why: told }
  if (WITH_RETRY_AFTER.has(status) && headers['retry-after'] === undefined)
    return { kind: 'wrong', why: `without Retry-After: ${told}` }
  return { kind: 'refused', why: told }
}

const digestOf = (status: number, bytes: Buffer) => `${status} ${createHash('sha256').update(bytes).digest('hex')}`

/** The words of an error's envelope; undefined where it is none. */
function detailOf(bytes: Buffer): string | undefined {
  try {
    const { error, message } = JSON.parse(bytes.toString())
    const { detail } = JSON.parse(message)
    return error === true && detail ? (typeof detail === 'string' ? detail : JSON.stringify(detail)) : undefined
  } catch {
    return undefined
  }
}
