/** Basic authentication with any user name: for pages of those who run the service. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A hook that answers 401 to who does not know the password; nothing where none is set. */
export function wantPassword(password: string | undefined, what: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
    password === undefined || isAllowed(request.headers.authorization, password) ? undefined : refuse(reply, what)
}

/** Compared in constant time. */
export function isAllowed(authorization: string | undefined, password: string): boolean {
  const [scheme, value = ''] = (authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return false
  const text = Buffer.from(value, 'base64').toString()
  const digest = (secret: string) => createHash('sha256').update(secret).digest()
  return timingSafeEqual(digest(text.slice(text.indexOf(':') + 1)), digest(password))
}

export function refuse(reply: FastifyReply, what: string) {
  return reply
    .code(401)
    .header('www-authenticate', `Basic realm="siibra-api ${what}", charset="UTF-8"`)
    .type('text/plain; charset=utf-8')
    .send(`The ${what} want their password`)
}
