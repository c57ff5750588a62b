/** Who may call, and how often. */
import { isIP } from 'node:net'
import { LRUCache } from 'lru-cache'

export interface GuardOptions {
  /** Where the service listens: a name by which it is called. */
  host: string
  /** Further names; `*` is any. */
  hosts: readonly string[]
  callsPerMinute: number
}

export type Verdict = { ok: true } | { ok: false; status: 403 | 429; detail: string; retryAfterS?: number }

/** Callers that are counted apart; those that were seen longest ago are forgotten. */
const MAX_CALLERS = 10_000
const MINUTE_MS = 60_000

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '::1']

/**
 * A page of another origin, or of a name that has come to lead here (DNS rebinding), must not call in the name of who looks at
 * it. So `Host` has to be a name of this service (or an address, which leads nowhere else), and `Origin`, which
 * browsers send, as well. Then each caller has a number of calls a minute, which come back steadily.
 */
export function createGuard({ host, hosts, callsPerMinute }: GuardOptions) {
  const allowed = new Set([...LOOPBACK, host, ...hosts].map((name) => name.toLowerCase()))
  const isAllowed = (name: string) => allowed.has('*') || allowed.has(name) || isIP(name) !== 0
  const buckets = new LRUCache<string, { calls: number; atMs: number }>({ max: MAX_CALLERS })

  function checkPlace(hostHeader: string | undefined, origin: string | undefined): Verdict {
    const name = hostnameOf(`http://${hostHeader ?? ''}`)
    if (name === undefined || !isAllowed(name)) return refused('Host', hostHeader ?? '')
    if (origin === undefined) return { ok: true }
    const from = hostnameOf(origin)
    return from !== undefined && isAllowed(from) ? { ok: true } : refused('Origin', origin)
  }

  function checkRate(caller: string, nowMs = Date.now()): Verdict {
    const known = buckets.get(caller) ?? { calls: callsPerMinute, atMs: nowMs }
    const calls = Math.min(callsPerMinute, known.calls + ((nowMs - known.atMs) * callsPerMinute) / MINUTE_MS)
    const isTooOften = calls < 1
    buckets.set(caller, { calls: isTooOften ? calls : calls - 1, atMs: nowMs })
    if (!isTooOften) return { ok: true }
    const retryAfterS = Math.ceil(((1 - calls) * 60) / callsPerMinute)
    const detail = `More than ${callsPerMinute} calls a minute (SIIBRA_API_MCP_CALLS_PER_MINUTE); again in ${retryAfterS} s`
    return { ok: false, status: 429, detail, retryAfterS }
  }

  return { checkPlace, checkRate }
}

function hostnameOf(url: string): string | undefined {
  try {
    return new URL(url).hostname.toLowerCase().replace(/^\[|\]$/g, '') || undefined
  } catch {
    return undefined
  }
}

const refused = (header: string, value: string): Verdict => ({
  ok: false,
  status: 403,
  detail: `${header} '${value.slice(0, 100)}' is no name of this service; SIIBRA_API_MCP_HOSTS names it`,
})
