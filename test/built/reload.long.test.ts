/** A configuration that changes while the packed program serves it, in each role. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../redis.ts'
import { type InstalledPackage, installPackage } from './package.ts'
import { type Running, runBuilt, spawnBuilt, startBuilt, untilWritten } from './run.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const FIXTURES = join(import.meta.dirname, '../fixtures/import')
let installed: InstalledPackage
let folder: string
let atlas: string
const running: { stop(): Promise<unknown> }[] = []

beforeAll(() => {
  installed = installPackage()
  folder = mkdtempSync(join(tmpdir(), 'siibra-api-reload-'))
  const args = [
    'import',
    join(FIXTURES, 'mricrogl/source'),
    '--out',
    join(folder, 'imported'),
    '--name',
    'Blocks',
    '--yes',
  ]
  expect(runBuilt(installed.main, { args })).toMatchObject({ status: 0 })
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const keep = <T extends { stop(): Promise<unknown> }>(one: T): T => {
  running.push(one)
  return one
}

/** Names a region and colours it by the number of the edition, in parcellation and map. */
function edit(edition: number): void {
  for (const path of ['parcellations/blocks.json', 'maps/blocks-labelled.json']) {
    const original = readFileSync(join(folder, 'imported', path), 'utf8')
    writeFileSync(join(atlas, path), original.replaceAll('Alpha_L', `Edition_${edition}`))
  }
}

function freshAtlas(): void {
  atlas = mkdtempSync(join(folder, 'atlas-'))
  cpSync(join(folder, 'imported'), atlas, { recursive: true })
  edit(0)
}

const PLACE = 'parcellation_id=Blocks&space_id=Blocks%20space'
const PATHS = [
  `/v3_0/regions?parcellation_id=Blocks&size=100`,
  `/v3_0/map?${PLACE}&map_type=LABELLED`,
  `/v3_0/map/assign?${PLACE}&point=-10mm,-6mm,-4mm&assignment_type=labelled`,
]

/** Which edition answers: every answer names one, and one only. */
async function editionOf(service: Running, path: string): Promise<number> {
  const answer = await service.get(path)
  const text = new TextDecoder().decode(answer.bytes)
  expect(answer.status, text).toBe(200)
  const editions = new Set(text.match(/Edition_\d+/g))
  expect(editions.size, text.slice(0, 500)).toBe(1)
  return Number([...editions][0]!.slice('Edition_'.length))
}

/** Asks all the time; each path never goes back to an older edition. */
function askConstantly(service: Running) {
  let isOver = false
  let count = 0
  const latest = new Map<string, number>()
  const ask = async (path: string) => {
    while (!isOver) {
      const edition = await editionOf(service, path)
      expect(edition).toBeGreaterThanOrEqual(latest.get(path) ?? 0)
      latest.set(path, edition)
      count++
    }
  }
  const asking = Promise.all(PATHS.map(ask))
  asking.catch(() => {})
  return {
    latest,
    /** Throws what was wrong; else how many were answered. */
    async end() {
      isOver = true
      await asking
      return count
    },
    failed: asking,
  }
}

async function reloadSeveralTimes(service: Running, signalled: readonly { child: Running['child'] }[]): Promise<void> {
  const asking = askConstantly(service)
  for (let edition = 1; edition <= 2; edition++) {
    edit(edition)
    for (const { child } of signalled) child.kill('SIGHUP')
    const isThere = async () => {
      while (!PATHS.every((path) => asking.latest.get(path) === edition)) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await Promise.race([isThere(), asking.failed])
  }
  expect(await asking.end()).toBeGreaterThan(0)
}

test('role all: SIGHUP brings the new data, without a failed or mixed answer', async () => {
  freshAtlas()
  const service = keep(await startBuilt(installed.main, { env: { SIIBRA_USE_CONFIGURATION: atlas } }))
  await reloadSeveralTimes(service, [service])
})

test('a configuration that cannot be read leaves all as it was', async () => {
  freshAtlas()
  const service = keep(await startBuilt(installed.main, { env: { SIIBRA_USE_CONFIGURATION: atlas } }))
  for (const path of ['parcellations/blocks.json', 'spaces/blocks-space.json', 'atlases/blocks.json']) {
    writeFileSync(join(atlas, path), '{')
  }
  service.child.kill('SIGHUP')
  await untilWritten(service, /could not be read again/)
  expect(await editionOf(service, PATHS[0]!)).toBe(0)
})

test('a volume that changes is read anew', async () => {
  freshAtlas()
  const service = keep(await startBuilt(installed.main, { env: { SIIBRA_USE_CONFIGURATION: atlas } }))
  const mask = `/v3_0/map/labelled_map.nii.gz?${PLACE}&region_id=Beta_L`
  const before = await service.get(mask)
  const volume = join(atlas, 'volumes/blocks-labels.nii.gz')
  const other = join(FIXTURES, 'freesurfer-lut/source/atlas.nii.gz')
  writeFileSync(volume, readFileSync(other))
  service.child.kill('SIGHUP')
  await untilWritten(service, /The new configuration is served/)
  const after = await service.get(mask)
  expect([before.status, after.status]).toEqual([200, 200])
})

test('roles server and worker: all workers change together', async () => {
  freshAtlas()
  const redis: RedisServer = await startRedis()
  running.push({ stop: async () => redis.close() })
  const env = { SIIBRA_USE_CONFIGURATION: atlas, SIIBRA_API_BROKER_URL: redis.url }
  const workers = [0, 1].map(() => keep(spawnBuilt(installed.main, { args: ['worker'], env })))
  const service = keep(await startBuilt(installed.main, { env: { ...env, SIIBRA_API_ROLE: 'server' } }))
  for (const worker of workers) await untilWritten(worker, /Worker started/)
  await reloadSeveralTimes(service, workers)
})
