import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Dispatcher } from '../../tasks/dispatcher.ts'
import { sendError } from '../http/reply.ts'
import type { Status } from '../metrics/status.ts'
import { API_VERSIONS, type ApiVersion, type RouteRecord } from '../routes/route.ts'
import type { ServiceInfo, ServiceState } from '../service.ts'
import { aboutDocument } from './about.ts'
import { docsPage, isAsset, loadAsset } from './assets.ts'
import { openAtlasPage } from './atlas-page.ts'
import { wantPassword } from './basic-auth.ts'
import { pageBelow } from './below-path.ts'
import { createDocument, createLazily, sendDocument } from './document.ts'
import { createExamples } from './examples.ts'
import { registerGuide } from './guide.ts'
import { landingPage } from './landing.ts'
import { openApiDocument } from './openapi.ts'
import { statusPage } from './status.ts'

/** Nothing is loaded from other hosts; the pages set styles of their own and show images as data. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"

/** How long a page waits for its examples; choosing them reads all features of the configuration (2 s for the official one). */
const EXAMPLES_TIMEOUT_MS = 5_000

/** Pages for people: landing page, documentation, and the documents behind them. */
export function registerPages(
  app: FastifyInstance,
  { info, state, dispatcher }: { info: ServiceInfo; state: ServiceState; dispatcher: Dispatcher },
  routes: readonly RouteRecord[],
  readStatus: () => Promise<Status>,
  operatorPassword?: string,
): void {
  const onRequest = wantPassword(operatorPassword, 'pages of operators')
  const sendPage = (reply: FastifyReply, html: string) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('referrer-policy', 'strict-origin-when-cross-origin')
      .header('cache-control', 'no-cache')
      .send(pageBelow(reply.request.prefix, html))

  const examples = createExamples({ dispatcher, state }, routes)
  const openApi = createLazily((versionAndPrefix) => {
    const [version, prefix] = versionAndPrefix.split(' ')
    const document = openApiDocument(routes, version as ApiVersion, { ...info, prefix }, examples.current())
    return createDocument('application/json', JSON.stringify(document))
  }, examples.current)
  const sendOpenApi = async (request: FastifyRequest, reply: FastifyReply, version: ApiVersion) => {
    await examples.load(EXAMPLES_TIMEOUT_MS)
    return sendDocument(request, reply, await openApi(`${version} ${request.prefix}`), 'no-cache')
  }
  const assets = createLazily(
    async (name) => {
      const asset = await loadAsset(name)
      return asset && createDocument(asset.contentType, asset.body)
    },
    () => undefined,
  )

  const examplesPage = async ({ protocol, host, prefix }: FastifyRequest) =>
    landingPage(info, state, await examples.load(EXAMPLES_TIMEOUT_MS), `${protocol}://${host}${prefix}`)
  app.get('/examples', async (request, reply) => sendPage(reply, await examplesPage(request)))
  const atlasPage = openAtlasPage()
  const atlasFiles = createLazily(
    async (name) => {
      const file = await atlasPage?.file(name)
      return file && createDocument(file.contentType, file.body)
    },
    () => undefined,
  )
  app.get('/', async (request, reply) => {
    const { protocol, host, prefix, url } = request
    return sendPage(reply, atlasPage?.html(`${protocol}://${host}${prefix}`, url) ?? (await examplesPage(request)))
  })
  app.get<{ Params: { '*': string } }>('/page/*', async (request, reply) => {
    const name = request.params['*']
    const file = atlasPage?.has(name) ? await atlasFiles(name) : undefined
    if (file === undefined) return sendError(reply, 404, 'Not Found')
    return sendDocument(request, reply, file, 'public, max-age=31536000, immutable')
  })
  registerGuide(app, CONTENT_SECURITY_POLICY)
  app.get('/about', async ({ prefix }, reply) =>
    reply.header('cache-control', 'no-cache').send(aboutDocument(info, state, routes, prefix)),
  )

  app.get('/status', { onRequest }, async (_request, reply) => sendPage(reply, statusPage()))
  app.get('/status.json', { onRequest }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(await readStatus()),
  )

  for (const version of API_VERSIONS) {
    app.get(`/${version}/openapi.json`, (request, reply) => sendOpenApi(request, reply, version))
    for (const page of ['docs', 'redoc'])
      app.get(`/${version}/${page}`, async (_request, reply) => sendPage(reply, docsPage(version)))
  }
  app.get('/openapi.json', (request, reply) => sendOpenApi(request, reply, 'v3_0'))
  for (const page of ['docs', 'redoc'])
    app.get(`/${page}`, async (_request, reply) => sendPage(reply, docsPage('v3_0')))

  app.get<{ Params: { '*': string } }>('/static/*', async (request, reply) => {
    const name = request.params['*']
    const asset = isAsset(name) ? await assets(name) : undefined
    if (asset === undefined) return sendError(reply, 404, 'Not Found')
    return sendDocument(request, reply, asset, 'public, max-age=86400')
  })
}
