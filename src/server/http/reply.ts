import type { FastifyReply } from 'fastify'
import { DOCUMENTATION, similarRoutes } from '../routes/features/similar.ts'
import type { RouteRecord } from '../routes/route.ts'
import { errorAnswer } from './answer.ts'
import type { HeaderList } from './exchange.ts'

/** An error of what is not part of the API (probes, pages), in the same form as the API's. */
export function sendError(reply: FastifyReply, status: number, detail: string) {
  const { headers, body } = errorAnswer(status, detail)
  return reply.code(status).headers(toRecord(headers)).send(body)
}

/** 404 of a path that is no route, with those that may have been meant. */
export function sendNoRoute(reply: FastifyReply, routes: readonly RouteRecord[], path: string, prefix = '') {
  const documentation = prefix + DOCUMENTATION
  const similar = similarRoutes(routes, path)
  const meant = similar.length === 0 ? '' : ` Did you mean ${similar.map((one) => `'${one}'`).join(' or ')}?`
  const detail = `Not Found.${meant} The routes are described at ${documentation}`
  const { headers, body } = errorAnswer(404, detail, { similar, documentation })
  return reply.code(404).headers(toRecord(headers)).send(body)
}

export function toRecord(headers: HeaderList): Record<string, string> {
  const record: Record<string, string> = {}
  for (let i = 0; i < headers.length; i += 2) record[headers[i] as string] = headers[i + 1] as string
  return record
}

/** The path of a URL, decoded where that works. */
export function pathOf(url: string): string {
  const [path = ''] = url.split('?', 1)
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
