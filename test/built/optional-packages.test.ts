/** The packed program with and without what is optional, and with what it loads only where it is asked to. */

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { PACKAGE_VERSION } from '../../src/version.ts'
import { type RedisServer, startRedis } from '../redis.ts'
import { type ObjectStore, startObjectStore } from '../s3.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type InstalledPackage, installPackage } from './package.ts'
import { runBuilt, spawnBuilt, startBuilt, untilStatus, untilWritten } from './run.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

const DEMO = { SIIBRA_USE_CONFIGURATION: 'demo' }
const running: { stop(): Promise<unknown> }[] = []
let bare: InstalledPackage
let full: InstalledPackage
let redis: RedisServer

beforeAll(async () => {
  bare = installPackage()
  full = installPackage({ withOptional: true, more: ['@opentelemetry/api'] })
  redis = await startRedis()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})
afterAll(async () => {
  await redis.close()
})

async function start({ main }: InstalledPackage, env: Record<string, string>) {
  const service = await startBuilt(main, { env: { ...DEMO, ...env } })
  running.push(service)
  return service
}

test('the command of the package answers, and refuses what it does not know', () => {
  const run = (...args: string[]) =>
    execFileSync(join(bare.folder, 'node_modules', 'siibra-api', 'dist', 'main.js'), args, { encoding: 'utf8' })
  expect(run('--version')).toBe(`${PACKAGE_VERSION}\n`)
  expect(run('--help')).toContain('worker')
  expect(runBuilt(bare.main, { args: ['sevre'] })).toMatchObject({ status: 2, stdout: '' })
})

test('all of it is one package of less than 60 MB, with the licences of what is bundled', () => {
  const packages = join(bare.folder, 'node_modules')
  expect(readdirSync(packages).filter((name) => !name.startsWith('.'))).toEqual(['siibra-api'])
  const files = readdirSync(packages, { recursive: true, encoding: 'utf8' }).map((name) =>
    statSync(join(packages, name)),
  )
  const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
  // 45 MB when this was written; 158 MB before the bundle held what it needs
  expect(bytes).toBeLessThan(60e6)
  const notices = readFileSync(join(packages, 'siibra-api', 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const name of [
    'fastify',
    'bullmq',
    'sql.js',
    'h5wasm',
    '@resvg/resvg-wasm',
    '@scalar/fastify-api-reference',
    '@niivue/niivue',
  ])
    expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
})

test('the library of the package loads a configuration', () => {
  const configuration = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'own-atlas', 'configuration')
  const script = `
    import { createRetrieval, loadConfiguration } from 'siibra-api/siibra'
    const retrieval = createRetrieval({ offline: true })
    const { atlases } = await loadConfiguration({ configuration: ${JSON.stringify(configuration)}, retrieval })
    console.log(atlases.all.map(({ name }) => name).join())`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: bare.folder,
    encoding: 'utf8',
  })
  expect(output).toBe('Pebble atlas\n')
})

test('the pages have their scripts with them', async () => {
  const { get } = await start(bare, {})
  for (const path of [
    '/v3_0/docs',
    '/static/scalar.js',
    '/static/docs.css',
    '/guide/',
    '/llms.txt',
    '/',
    '/status',
    '/about',
  ])
    expect((await get(path)).status, path).toBe(200)
})

test('the log goes to files where a folder is named', async () => {
  const folder = temporaryFolder()
  const service = await start(bare, { SIIBRA_API_LOG_DIR: folder })
  await service.stop()
  const [name] = readdirSync(folder)
  expect(readFileSync(join(folder, name as string), 'utf8')).toContain('"msg":"Ready on')
})

describe('the dashboard', () => {
  const env = () => ({
    ...DEMO,
    SIIBRA_API_ROLE: 'server',
    SIIBRA_API_BROKER_URL: redis.url,
    SIIBRA_API_DASHBOARD_PASSWORD: 'let me in',
    SIIBRA_API_READY_QUEUES: 'none',
  })
  test('without its package is refused, naming both', () => {
    const { status, stderr } = runBuilt(bare.main, { env: { ...env(), SIIBRA_API_PORT: '0' } })
    expect(stderr).toContain('SIIBRA_API_DASHBOARD_PASSWORD needs the optional package @bull-board/api')
    expect(stderr).not.toContain('SIIBRA_API_HOST')
    expect(status).toBe(2)
  })
  test('with its package is shown', async () => {
    const { get } = await start(full, env())
    const authorization = `Basic ${Buffer.from('me:let me in').toString('base64')}`
    const page = await get('/queues/', { authorization })
    expect(page.status).toBe(200)
    expect(new TextDecoder().decode(page.bytes)).toContain('siibra-api queues')
    expect((await get('/queues/api/queues', { authorization })).status).toBe(200)
  })
})

describe('object storage', () => {
  let storage: ObjectStore
  beforeAll(async () => {
    storage = await startObjectStore()
  })
  afterAll(() => storage.close())
  const env = () => ({
    ...DEMO,
    SIIBRA_API_BROKER_URL: redis.url,
    SIIBRA_API_NAMESPACE: 'storage',
    SIIBRA_API_S3_URL: `${storage.endpoint}/bundles`,
    AWS_ACCESS_KEY_ID: 'test-key',
    AWS_SECRET_ACCESS_KEY: 'test-secret',
  })
  test.each([['worker'], ['server']])('without its package is refused in role %s, naming both', (role) => {
    const { status, stderr } = runBuilt(bare.main, { env: { ...env(), SIIBRA_API_ROLE: role, SIIBRA_API_PORT: '0' } })
    expect(stderr).toContain('SIIBRA_API_S3_URL needs the optional package @aws-sdk/client-s3')
    expect(status).toBe(2)
  })
  test('with its package takes bundles, and gives them', async () => {
    running.push(spawnBuilt(full.main, { args: ['worker'], env: env() }))
    const service = await start(full, { ...env(), SIIBRA_API_ROLE: 'server' })
    const query = 'parcellation_id=Harbour%20v2&space_id=Demo%20mean'
    const { task_id } = (await service.get(`/v3_0/atlas_download?${query}`)).json<{ task_id: string }>()
    const bundle = await untilStatus(service, `/v3_0/atlas_download/${task_id}/download`, 200)
    expect(bundle.bytes.subarray(0, 2)).toEqual(new TextEncoder().encode('PK'))
    expect([...storage.objects.keys()]).toEqual([expect.stringMatching(/^bundles\//)])
  })
})

describe('tracing', () => {
  test('without its package is warned of', async () => {
    const service = await start(bare, { SIIBRA_API_TRACING: '1' })
    await untilWritten(service, /@opentelemetry\/api is not installed/)
  })
  test('with its package is not', async () => {
    const service = await start(full, { SIIBRA_API_TRACING: '1' })
    expect((await service.get('/v3_0/atlases')).status).toBe(200)
    await service.stop()
    expect(service.output.out).not.toContain('opentelemetry')
  })
})
