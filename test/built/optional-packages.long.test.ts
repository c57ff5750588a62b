/** The packed program with and without what is optional, and with what it loads only where it is asked to. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../redis.ts'
import { type ObjectStore, startObjectStore } from '../s3.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type InstalledPackage, installPackage, packedTarball } from './package.ts'
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

// so that what holds for the one (program.test.ts, every-route.test.ts) holds for the other
test.runIf(process.env.SIIBRA_TEST_NPM === '1')('npm installs the files of the tarball, and no other package', () => {
  const unpacked = temporaryFolder()
  execFileSync('tar', ['-xzf', packedTarball(), '-C', unpacked])
  const packages = join(bare.folder, 'node_modules')
  expect(readdirSync(packages).filter((name) => !name.startsWith('.'))).toEqual(['siibra-api'])
  expect(execFileSync('diff', ['-r', join(unpacked, 'package'), join(packages, 'siibra-api')]).length).toBe(0)
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
