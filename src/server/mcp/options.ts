import type { RouteRecord } from '../routes/route.ts'

/** Asks a route, as any client does. */
export type AskRoute = (
  path: string,
  accept: string,
  signal: AbortSignal,
) => Promise<{ status: number; contentType: string; bytes: Uint8Array }>

export interface McpOptions {
  routes: readonly RouteRecord[]
  version: string
  ask: AskRoute
  /** Where people and programs find the whole of an answer; undefined where there is no address. */
  linkOf: (path: string) => string | undefined
}
