import type { Config } from '../../config.ts'
import { CliError, EXIT } from '../exit-codes.ts'

export interface Asked {
  method?: 'GET' | 'POST'
  /** Path and query, version included. */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: Uint8Array
}

export interface Answered {
  status: number
  headers: Readonly<Record<string, unknown>>
  body: Uint8Array
}

/** Whoever answers: a service that runs, or the atlas of this environment, loaded for this command. */
export interface Asker {
  ask(asked: Asked): Promise<Answered>
  close(): Promise<void>
}

export interface AskerOptions {
  /** Address of a service that runs; without, this process answers itself. */
  url?: string | undefined
  config: () => Config
  tell: (message: string) => void
}

export async function openAsker({ url, config, tell }: AskerOptions): Promise<Asker> {
  if (url !== undefined) return askService(url)
  const settings = config()
  const { openInProcess } = await import('../../roles/in-process.ts')
  const { app, close } = await openInProcess(settings, tell)
  return {
    async ask({ method = 'GET', path, headers = {}, body }) {
      const payload = body === undefined ? {} : { payload: Buffer.from(body) }
      const answer = await app.inject({ method, url: path, headers, ...payload })
      return { status: answer.statusCode, headers: answer.headers, body: answer.rawPayload }
    },
    close,
  }
}

function askService(url: string): Asker {
  const base = baseOf(url)
  return {
    async ask({ method = 'GET', path, headers = {}, body }) {
      const sent = body === undefined ? {} : { body: new Uint8Array(body) }
      try {
        const answer = await fetch(base + path, { method, headers, ...sent })
        const bytes = new Uint8Array(await answer.arrayBuffer())
        return { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes }
      } catch (thrown) {
        const { cause, message } = thrown as Error
        const why = cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : message
        throw new CliError(EXIT.unavailable, 'UNREACHABLE', `${base} does not answer: ${why}`, { cause: thrown })
      }
    },
    close: async () => {},
  }
}

/** The address of a service; one with the path of a version at its end is that of its service. */
function baseOf(url: string): string {
  const parsed = URL.parse?.(url) ?? parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new CliError(EXIT.usage, 'INVALID_PARAMETER', `--url: '${url}' is no address such as http://127.0.0.1:5000`)
  return url.replace(/\/+$/, '').replace(/\/v\d_0$/, '')
}

function parse(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}
