import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Api } from './api.ts'
import { NO_PYTHON, PYTHON_MEDIA_TYPE } from './http/parameters/python-snippet.ts'
import { pathOf, sendError, sendNoRoute } from './http/reply.ts'
import type { HttpAdapter } from './http-adapter.ts'
import { askInside, type InnerAnswer } from './inner-requests.ts'
import { ROOTS, type RouteRecord } from './routes/route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Answered by the API itself, which counts and logs it. */
    isHandedOn: boolean
  }
  interface FastifyInstance {
    /** Asks a path of the API of this service, without a socket, after all that clients ask. */
    askInside(url: string): Promise<InnerAnswer>
  }
}

/**
 * What of the API comes to Fastify: requests that are injected, as in tests (those that come by a socket are answered before),
 * unknown paths, other methods.
 */
export function registerApi(
  app: FastifyInstance,
  api: Api,
  answerApi: HttpAdapter,
  routes: readonly RouteRecord[],
): void {
  app.decorateRequest('isHandedOn', false)
  app.decorate('askInside', (url) => askInside(api, url))

  for (const root of ROOTS) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/${root}/*`,
      handler: (request, reply) => {
        if (answerApi(request.raw, reply.raw)) {
          request.isHandedOn = true
          return reply.hijack()
        }
        if (request.headers.accept === PYTHON_MEDIA_TYPE) return sendNoPython(reply)
        const methods = api.methods(request.url)
        return methods.length > 0
          ? sendNotAllowed(reply, methods)
          : sendNoRoute(reply, routes, pathOf(request.url), request.prefix)
      },
    })
  }

  // before bodies are read: a route takes its own
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD') return
    if (answerApi(request.raw, reply.raw)) {
      request.isHandedOn = true
      return reply.hijack()
    }
    const methods = api.methods(request.url)
    if (methods.length === 0) return
    return request.headers.accept === PYTHON_MEDIA_TYPE ? sendNoPython(reply) : sendNotAllowed(reply, methods)
  })
}

function sendNotAllowed(reply: FastifyReply, methods: readonly string[]) {
  reply.header('allow', methods.join(', '))
  return sendError(reply, 405, 'Method Not Allowed')
}

function sendNoPython(reply: FastifyReply) {
  const headers = { 'content-type': 'text/plain; charset=utf-8', vary: 'Accept' }
  return reply.code(404).headers(headers).send(NO_PYTHON)
}
