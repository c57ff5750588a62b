/** Bounds that who runs an instance sets lower than the API's own: lengths of URLs and of regular expressions. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../../config.ts'
import { errorAnswer } from './answer.ts'
import { errorBody } from './errors.ts'
import type { Answer } from './exchange.ts'
import type { BaseHeaders } from './headers.ts'

/** Refuses requests whose URL is longer than is allowed (414); undefined where the bound of the head is all there is. */
export function createUrlLimit(
  { maxUrlBytes }: Pick<Config, 'maxUrlBytes'>,
  base: () => BaseHeaders,
): ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined {
  if (maxUrlBytes === undefined) return undefined
  return (request, response) => {
    // what is not ASCII is no valid request, so characters are bytes
    if ((request.url as string).length <= maxUrlBytes) return false
    const text = errorBody(414, `The URL is longer than ${maxUrlBytes} bytes; many points and names go into a body`)
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    response.writeHead(414, { ...base().record, ...headers, 'content-length': Buffer.byteLength(text) })
    response.end(text)
    return true
  }
}

/** Regular expressions may stand wherever a region is named. */
const EXPRESSION = /^\/(.+)\/[a-zA-Z]*\n?$/s

/** Refuses regular expressions that are longer than is allowed (400); undefined where the API's own bound holds, so that nothing is looked at. */
export function createExpressionLimit({
  maxExpressionChars: most,
}: Pick<Config, 'maxExpressionChars'>): ((params: Record<string, unknown>) => Answer | undefined) | undefined {
  if (most >= 1000) return undefined
  return (params) => {
    const parameter = Object.keys(params).find((name) => {
      const value = params[name]
      return typeof value === 'string' && (EXPRESSION.exec(value)?.[1]?.length ?? 0) > most
    })
    if (parameter === undefined) return undefined
    return errorAnswer(400, `The regular expression has more than ${most} characters`, { parameter })
  }
}
