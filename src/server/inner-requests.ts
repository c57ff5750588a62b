/** Requests that the service sends to itself, to fill its caches: not counted, not logged, of the lowest priority. */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

const HEADER = 'x-siibra-api-inner'
/** Known to this process alone. */
const secret = randomUUID()

export function isInner(request: { headers: Record<string, unknown> }): boolean {
  return request.headers[HEADER] === secret
}

/** Asks a path of this service, without a socket. */
export async function askInside(app: FastifyInstance, url: string): Promise<{ status: number; body: string }> {
  const { statusCode, body } = await app.inject({ method: 'GET', url, headers: { [HEADER]: secret } })
  return { status: statusCode, body }
}
