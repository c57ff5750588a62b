/** What answers of a route say that is to go: since when, until when, and what takes its place. */
import type { Deprecation, RouteRecord } from '../routes/route.ts'
import type { HeaderList } from './exchange.ts'

const NONE: HeaderList = []

/**
 * `Deprecation` (RFC 9745), `Sunset` (RFC 8594), `Link` to the successor (RFC 5829), and their names for scripts of browsers. None for
 * routes that the original's contract calls deprecated: its answers say nothing of it.
 */
export function deprecationHeaders({ deprecated }: Pick<RouteRecord, 'deprecated'>): HeaderList {
  if (deprecated === undefined || deprecated === true) return NONE
  const { since, sunset, successor } = deprecated
  return [
    ...['deprecation', `@${Date.parse(since) / 1000}`],
    ...(sunset === undefined ? [] : ['sunset', new Date(sunset).toUTCString()]),
    ...(successor === undefined ? [] : ['link', `<${successor}>; rel="successor-version"`]),
    ...['access-control-expose-headers', 'deprecation, sunset, link'],
  ]
}

/** The same for who finds the service below a path. */
export const linksBelow = (prefix: string | undefined, headers: HeaderList): HeaderList =>
  prefix ? headers.map((value) => (value.startsWith('</') ? `<${prefix}${value.slice(1)}` : value)) : headers

/** The same in words, for the documentation. */
export function deprecationInWords({ since, sunset, successor }: Deprecation): string {
  const until = sunset === undefined ? '' : `, gone from ${sunset} on`
  return `Deprecated since ${since}${until}${successor === undefined ? '' : `: ask \`${successor}\``}.`
}
