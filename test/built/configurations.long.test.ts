/** Every form in which a configuration can be given, to the packed program in each of its roles. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../redis.ts'
import { startServer } from '../siibra/retrieval/http-stand-in.ts'
import { filesOf, zipFolder } from '../zip-folder.ts'
import { type InstalledPackage, installPackage } from './package.ts'
import { type Running, runBuilt, spawnBuilt, startBuilt, untilWritten } from './run.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const EXAMPLE = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'own-atlas')
const CONFIGURATION = join(EXAMPLE, 'configuration')
const VERSION = 'siibra-1.0.1-alpha.20'
const GITHUB = `/FZJ-INM1-BDA/siibra-configurations/archive/refs/tags/${VERSION}.tar.gz`
const GITLAB = `/api/v4/projects/892/repository/archive.tar.gz?sha=${VERSION}`

let installed: InstalledPackage
let folder: string
/** Archives by the end of their name. */
let archives: Record<string, Buffer>
const running: { stop(): Promise<unknown> }[] = []
const closing: (() => unknown)[] = []

beforeAll(async () => {
  installed = installPackage()
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-configurations-'))
  const unpacked = await tarOf('siibra-configurations-1/')
  archives = {
    zip: await zipFolder(CONFIGURATION),
    tar: unpacked,
    'tar.gz': gzipSync(unpacked),
    tgz: gzipSync(await tarOf('')),
  }
  for (const [end, bytes] of Object.entries(archives)) writeFileSync(join(folder, `own.${end}`), bytes)
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
  for (const close of closing.splice(0)) await close()
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function tarOf(prefix: string): Promise<Buffer> {
  const pack = tar.pack()
  for (const [name, bytes] of filesOf(CONFIGURATION)) pack.entry({ name: prefix + name }, bytes)
  pack.finalize()
  return buffer(pack)
}

/** A web server with files by path and query; other paths lead to one of them, or are missing. */
async function host(paths: Record<string, Buffer | string>): Promise<string> {
  const server = await startServer((request, response) => {
    const found = paths[request.url ?? '']
    if (found === undefined) response.writeHead(404).end()
    else if (typeof found === 'string' && found.startsWith('/')) response.writeHead(302, { location: found }).end()
    else response.end(found)
  })
  closing.push(server.close)
  return server.base
}

async function start(env: Record<string, string>, args: string[] = []): Promise<Running> {
  const service = await startBuilt(installed.main, { args, env })
  running.push(service)
  return service
}

/** The atlas of the example is served, with a map made of its volume. */
async function expectExample({ get }: Running): Promise<void> {
  const { items } = (await get('/v3_0/atlases')).json<{ items: { name: string }[] }>()
  expect(items.map(({ name }) => name)).toEqual(['Pebble atlas'])
  const query = 'parcellation_id=Pebble%20v1&space_id=Pebble%20template'
  const map = await get(`/v3_0/map/labelled_map.nii.gz?${query}`)
  expect(map.status, new TextDecoder().decode(map.bytes.subarray(0, 500))).toBe(200)
}

const withMirror = (env: Record<string, string>) => ({ SIIBRA_API_MIRROR: join(EXAMPLE, 'mirror'), ...env })

describe('a configuration that is named', () => {
  test('a folder', async () => {
    await expectExample(await start(withMirror({ SIIBRA_USE_CONFIGURATION: CONFIGURATION })))
  })

  test.each(['zip', 'tar', 'tar.gz', 'tgz'])('a .%s file', async (end) => {
    await expectExample(await start(withMirror({ SIIBRA_USE_CONFIGURATION: join(folder, `own.${end}`) })))
  })

  test.each(['zip', 'tar.gz'])('the URL of a .%s file', async (end) => {
    const base = await host({ [`/archives/own.${end}`]: archives[end] as Buffer })
    const env = { SIIBRA_USE_CONFIGURATION: `${base}/archives/own.${end}`, SIIBRA_API_OFFLINE: '0' }
    await expectExample(await start(withMirror(env)))
  })

  test.each([
    [
      'a file that is none',
      () => writeFileSync(join(folder, 'none.tar.gz'), 'not an archive'),
      'none.tar.gz',
      /archive/,
    ],
    [
      'half an archive',
      () => writeFileSync(join(folder, 'half.tgz'), archives.tgz!.subarray(0, 300)),
      'half.tgz',
      /archive/,
    ],
    ['nothing', () => {}, 'missing.zip', /neither a folder nor an archive/],
  ])('%s ends the start with its own text', (_, make, name, message) => {
    make()
    const { status, stderr } = runBuilt(installed.main, {
      env: { SIIBRA_USE_CONFIGURATION: join(folder, name), SIIBRA_API_PORT: '0' },
    })
    expect(status).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/cannot be had|is not a function/)
  })
})

describe('the official configuration, where none is named', () => {
  /** Its data come from the mirror of the example, beside which the archive lies. */
  const remapped = (from: string, to: string) => ({
    SIIBRA_API_OFFLINE: '0',
    SIIBRA_API_REMAP_PROVIDERS: `https://${from}::${to}\nhttps://${from === 'github.com' ? 'gitlab.ebrains.eu' : 'github.com'}::http://127.0.0.1:9`,
  })
  const demoReason = async ({ get }: Running) =>
    (await get('/about')).json<{ configuration: { demoReason?: string } }>().configuration.demoReason

  test('from GitHub, through its redirect', async () => {
    const base = await host({ [GITHUB]: '/codeload.tar.gz', '/codeload.tar.gz': archives['tar.gz'] as Buffer })
    const service = await start(withMirror(remapped('github.com', base)))
    await expectExample(service)
    expect(await demoReason(service)).toBeUndefined()
  })

  test('from the GitLab of EBRAINS', async () => {
    const base = await host({ [GITLAB]: archives['tar.gz'] as Buffer })
    await expectExample(await start(withMirror(remapped('gitlab.ebrains.eu', base))))
  })

  test('from a mirror, by folder', async () => {
    const mirror = mkdtempSync(join(folder, 'mirror-'))
    const path = join(mirror, 'github.com', GITHUB)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, archives['tar.gz'] as Buffer)
    const { get } = await start({ SIIBRA_API_MIRROR: mirror })
    expect((await get('/v3_0/atlases')).json<{ total: number }>().total).toBe(1)
  })

  test('that cannot be had: the demo, which says why', async () => {
    const service = await start({ SIIBRA_API_REMAP_PROVIDERS: 'a::b' })
    expect(await demoReason(service)).toMatch(/cannot be had: .*the service is offline/)
  })

  test('that came as a web page: the demo, which says that instead of blaming the network', async () => {
    const base = await host({ [GITHUB]: Buffer.from('<html>please sign in</html>') })
    const service = await start(remapped('github.com', base))
    expect(await demoReason(service)).toMatch(/cannot be used: .*cannot be read as an archive/)
  })
})

describe('behind a queue', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.close())

  const worker = (env: Record<string, string>) => {
    const started = spawnBuilt(installed.main, { args: ['worker'], env })
    running.push(started)
    return started
  }

  test('server and worker serve a .tar.gz configuration', async () => {
    const env = {
      ...withMirror({ SIIBRA_USE_CONFIGURATION: join(folder, 'own.tar.gz') }),
      SIIBRA_API_BROKER_URL: redis.url,
      SIIBRA_API_NAMESPACE: 'named',
    }
    worker(env)
    // what answers say of their version is no part of the names of queues
    const service = await start({ ...env, SIIBRA_API_ROLE: 'server', SIIBRA_API_VERSION: '0.3.33' })
    await expectExample(service)
    expect((await service.get('/v3_0/atlases')).headers['x-siibra-api-version']).toBe('0.3.33')
  })

  test('server and worker serve the official configuration', async () => {
    const base = await host({ [GITHUB]: archives['tar.gz'] as Buffer })
    const env = {
      ...withMirror({}),
      SIIBRA_API_OFFLINE: '0',
      SIIBRA_API_REMAP_PROVIDERS: `https://github.com::${base}\nhttps://gitlab.ebrains.eu::http://127.0.0.1:9`,
      SIIBRA_API_BROKER_URL: redis.url,
      SIIBRA_API_NAMESPACE: 'official',
    }
    worker(env)
    await expectExample(await start({ ...env, SIIBRA_API_ROLE: 'server' }))
  })

  test('a server says that it is ready when it is, and before that what it lacks', async () => {
    const env = { SIIBRA_USE_CONFIGURATION: 'demo', SIIBRA_API_BROKER_URL: redis.url, SIIBRA_API_NAMESPACE: 'late' }
    const server = spawnBuilt(installed.main, { env: { ...env, SIIBRA_API_ROLE: 'server', SIIBRA_API_PORT: '0' } })
    running.push(server)
    await untilWritten(server, /not ready yet: no worker yet takes tasks of core/)
    expect(server.output.out).not.toContain('"msg":"Ready on')
    worker(env)
    await untilWritten(server, /"msg":"Ready on/)
  })

  test('without one that can be had, neither starts', () => {
    for (const [args, role] of [
      [['worker'], 'all'],
      [[], 'server'],
    ] as const) {
      const env = { SIIBRA_API_BROKER_URL: redis.url, SIIBRA_API_ROLE: role, SIIBRA_API_PORT: '0' }
      const { status, stderr } = runBuilt(installed.main, { args, env })
      expect(status).toBe(1)
      expect(stderr).toMatch(/cannot be had: .*the service is offline/)
    }
  })
})
