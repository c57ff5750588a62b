/** The arithmetic of docs/capacity.md. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const { plan, tasksOfOneRedis, DAY_S } = await import(new URL('../bench/capacity/model.mjs', import.meta.url).href)

/** A request a second and user in the busiest minute, and costs that are easily divided. */
const usage = { users: 100, sessions: DAY_S / 10, scripted: 0, uploads: 0, peak: 1, edgeHits: 0, cacheHits: 0 }
const costs = {
  requestsPerSession: 10,
  bytesPerRequest: 1000,
  bytesPerUpload: 5000,
  hitCpuMs: 6,
  missServerCpuMs: 12,
  missWorkerCpuMs: 60,
  uploadWorkerCpuMs: 600,
  nearShare: 0.5,
  redisOpsPerTask: 50,
  redisBytesPerTask: 7000,
  redisOpsPerS: 5000,
}

test('cores follow from what requests cost, and from how busy a core may be', () => {
  expect(plan(usage, costs)).toEqual({
    requestsPerS: 100,
    atServersPerS: 100,
    tasksPerS: 50,
    // 100 x 12 ms a second are 1.2 cores, at 60 % of a core
    servers: 2,
    // 50 x 60 ms are 3 cores
    workers: 5,
    redisOpsPerS: 2500,
    redisBytesPerS: 350_000,
    redis: 1,
    bitsOutPerS: 800_000,
    bitsFromServersPerS: 800_000,
    bitsInPerS: 0,
  })
})

test('what an edge answers comes to no server, what a server has kept to no worker', () => {
  const spared = plan({ ...usage, edgeHits: 0.9, cacheHits: 0.5 }, costs)
  expect(spared.atServersPerS).toBeCloseTo(10, 9)
  expect(spared.tasksPerS).toBeCloseTo(2.5, 9)
  expect(spared.bitsOutPerS).toBe(800_000)
  expect(spared.bitsFromServersPerS).toBeCloseTo(80_000, 6)
  expect([spared.servers, spared.workers]).toEqual([2, 2])
})

test('uploads pass the edge and every cache', () => {
  const sent = plan({ ...usage, sessions: 0, uploads: DAY_S / 10, edgeHits: 1, cacheHits: 1 }, costs)
  expect(sent.tasksPerS).toBe(10)
  expect(sent.workers).toBe(10)
  expect(sent.bitsInPerS).toBe(400_000)
})

test('one Redis has its limit, beyond it there are several', () => {
  expect(tasksOfOneRedis(costs)).toBe(60)
  const at = (users: number) => plan({ ...usage, users }, costs).redis
  expect([at(120), at(130), at(1000)]).toEqual([1, 2, 9])
})

test('the command takes numbers of its own, and names those that it does not know', () => {
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ['bench/capacity/plan.mjs', ...args], { encoding: 'utf8', stdio: 'pipe' })
  expect(run('--users', '500', '--hitCpuMs', '0.1')).toMatch(/\| users a day \| 500 \|/)
  expect(() => run('--user', '500')).toThrow(/numbers are sessions, /)
})

test('docs/capacity.md shows what the command computes', () => {
  const page = readFileSync('docs/capacity.md', 'utf8')
  const table = execFileSync(process.execPath, ['bench/capacity/plan.mjs'], { encoding: 'utf8' })
  for (const row of table.split('\n').filter((line) => /^\| \w/.test(line))) expect(page).toContain(row)
})
