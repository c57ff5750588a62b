/** A look at the queues in a browser (bull-board): only where a password is set, and only to look at. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/dist/types.js'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { QueueDispatcher } from '../../dispatch/queue/dispatcher.ts'
import { loadOptional } from '../../platform/optional-package.ts'
import { isAllowed, refuse } from './basic-auth.ts'

export interface DashboardOptions {
  queue: QueueDispatcher
  /** Path below which it lies, without a slash at its end. */
  path: string
  password: string
}

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
}

/** What bull-board hands to the framework that serves it. */
interface Board {
  queues: BullBoardQueues
  views: string
  statics: string
  entry: AppViewRoute
  api: AppControllerRoute[]
  uiConfig: UIConfig
}

export async function registerDashboard(app: FastifyInstance, options: DashboardOptions): Promise<void> {
  const { path, password } = options
  const board = await createBoard(options)
  await app.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        if (!isAllowed(request.headers.authorization, password)) return refuse(reply, 'queues')
        reply.header('cache-control', 'no-store')
      })
      for (const route of [board.entry.route].flat()) {
        scope.get(route === '/' ? '/' : route, async ({ prefix = '' }, reply) =>
          reply.type('text/html; charset=utf-8').send(await renderPage(board, `${prefix}${path}/`)),
        )
      }
      scope.get('/static/*', (request, reply) => sendStatic(board.statics, request, reply))
      // Nothing can be changed here: routes of other methods are left out.
      for (const route of board.api.filter(({ method }) => [method].flat().includes('get'))) {
        for (const url of [route.route].flat())
          scope.get(url, (request, reply) => callApi(board, route, request, reply))
      }
    },
    { prefix: path },
  )
}

async function createBoard({ queue }: DashboardOptions): Promise<Board> {
  const [{ createBullBoard }, { BullMQAdapter }] = await loadOptional(
    'SIIBRA_API_DASHBOARD_PASSWORD',
    '@bull-board/api',
    () => Promise.all([import('@bull-board/api'), import('@bull-board/api/bullMQAdapter')]),
  )
  const board: Partial<Board> = { uiConfig: {} }
  const serverAdapter: IServerAdapter = {
    setQueues: (queues) => keep({ queues }),
    setViewsPath: (views) => keep({ views }),
    setStaticPath: (_route, statics) => keep({ statics }),
    setEntryRoute: (entry) => keep({ entry }),
    setErrorHandler: () => serverAdapter,
    setApiRoutes: (api) => keep({ api }),
    setUIConfig: (uiConfig) => keep({ uiConfig }),
  }
  const keep = (part: Partial<Board>) => {
    Object.assign(board, part)
    return serverAdapter
  }
  const queues = queue
    .bullQueues()
    // without the braces of the hash tag
    .map((one) => new BullMQAdapter(one, { readOnlyMode: true, displayName: one.name.replace(/[{}]/g, '') }))
  createBullBoard({ queues, serverAdapter, options: { uiConfig: { boardTitle: 'siibra-api queues' } } })
  return board as Board
}

/** The page of bull-board: its template has nothing but values to put in. Fonts of other hosts are left out. */
async function renderPage({ views, entry, uiConfig }: Board, basePath: string): Promise<string> {
  const { name, params } = entry.handler({ basePath, uiConfig })
  const template = await readFile(join(views, name.endsWith('.ejs') ? name : `${name}.ejs`), 'utf8')
  return template.replace(/<link href="https?:[^>]*>/g, '').replace(/<%([=-])\s*(\w+)\s*%>/g, (_, kind, key) => {
    const value = String(params[key] ?? '')
    return kind === '=' ? value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`) : value
  })
}

async function sendStatic(folder: string, request: FastifyRequest, reply: FastifyReply) {
  const file = normalize(join(folder, (request.params as { '*': string })['*']))
  if (!file.startsWith(folder + sep)) return reply.code(404).send()
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) return reply.code(404).send()
  return reply.type(MEDIA_TYPES[extname(file)] ?? 'application/octet-stream').send(bytes)
}

async function callApi(board: Board, route: AppControllerRoute, request: FastifyRequest, reply: FastifyReply) {
  const { status, body } = await route.handler({
    queues: board.queues,
    uiConfig: board.uiConfig,
    query: request.query as Record<string, unknown>,
    params: request.params as Record<string, unknown>,
    body: {},
    headers: {},
  })
  return reply
    .code(status ?? 200)
    .type('application/json')
    .send(body)
}
