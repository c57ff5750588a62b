import type { FastifyReply } from 'fastify'
import { errorAnswer } from './answer.ts'
import type { HeaderList } from './exchange.ts'

/** An error of what is not part of the API (probes, pages), in the same form as the API's. */
export function sendError(reply: FastifyReply, status: number, detail: string) {
  const { headers, body } = errorAnswer(status, detail)
  return reply.code(status).headers(toRecord(headers)).send(body)
}

export function toRecord(headers: HeaderList): Record<string, string> {
  const record: Record<string, string> = {}
  for (let i = 0; i < headers.length; i += 2) record[headers[i] as string] = headers[i + 1] as string
  return record
}
