/** The alert rules and the dashboard as a real Prometheus sees them, which scrapes the service. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'
import { unpackDebianPackage } from '../debian-package.ts'
import { findFreePort } from '../redis.ts'

const folder = mkdtempSync(join(tmpdir(), 'siibra-api-prometheus-'))
const missing = await unpackDebianPackage('prometheus', folder)
const binary = (name: string) => join(folder, 'usr', 'bin', name)
const alerts = resolve('deploy/monitoring/alerts.yaml')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[]
}
const { panels } = JSON.parse(readFileSync('deploy/monitoring/grafana-dashboard.json', 'utf8')) as Dashboard

/** Nothing fails, waits or is refused while the test runs. */
const MAY_BE_EMPTY = ['Failed answers', 'Refused, given up, failed, shared']

describe.skipIf(missing !== undefined)(`Prometheus${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let app: TestApp
  let prometheus: ChildProcess
  let api: string
  const ask = async <T>(path: string) =>
    ((await (await fetch(`${api}${path}`)).json()) as { status: string; data: T }).data

  beforeAll(async () => {
    app = await startTestApp()
    const service = new URL(await app.listen())
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [alerts],
      scrape_configs: [{ job_name: 'siibra-api', static_configs: [{ targets: [service.host] }] }],
    }
    const file = join(folder, 'prometheus.yml')
    writeFileSync(file, JSON.stringify(config))
    const address = `127.0.0.1:${await findFreePort()}`
    const options = [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`]
    prometheus = spawn(binary('prometheus'), options, { stdio: 'ignore' })
    api = `http://${address}/api/v1`
    // rates need two looks with something between them
    for (let i = 0; i < 1500; i++) {
      for (const path of ['/atlases', '/spaces', '/feature/_types']) await fetch(new URL(`/v3_0${path}`, service))
      const scrapes = await ask<{ result: { value: [number, string] }[] }>(
        `/query?query=${encodeURIComponent('count_over_time(siibra_api_ready[1h])')}`,
      ).catch(() => undefined)
      if (Number(scrapes?.result[0]?.value[1]) >= 4) return
      await delay(100)
    }
    throw new Error('Prometheus has not scraped the service')
  })
  afterAll(async () => {
    prometheus.kill()
    await once(prometheus, 'exit')
    await app.close()
  })

  it('takes the rules', async () => {
    const { stdout } = await promisify(execFile)(binary('promtool'), ['check', 'rules', alerts])
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/)
    const { groups } = await ask<{ groups: { rules: { name: string; health: string; state: string }[] }[] }>('/rules')
    const rules = groups.flatMap((group) => group.rules)
    expect(rules.length).toBe(readFileSync(alerts, 'utf8').match(/- alert:/g)?.length)
    for (const { name, health } of rules) expect([name, health]).toEqual([name, 'ok'])
    // what is slow on a busy machine may be pending; nothing has lasted for as long as an alert takes
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([])
  })

  it('lets each alert fire when it should, and not before', async () => {
    const file = 'deploy/monitoring/alerts.test.yaml'
    const names = readFileSync(alerts, 'utf8').matchAll(/- alert: (\w+)$/gm)
    const tried = readFileSync(file, 'utf8')
    for (const [, name] of names) expect(tried).toMatch(new RegExp(`alertname: ${name}\n +exp_alerts:`))
    const { stdout } = await promisify(execFile)(binary('promtool'), ['test', 'rules', file])
    expect(stdout).toContain('SUCCESS')
  })

  it('takes its configuration', async () => {
    const file = join(folder, 'provisioned.yml')
    const text = readFileSync('deploy/monitoring/prometheus.yaml', 'utf8')
    writeFileSync(file, text.replace('/etc/prometheus/alerts.yaml', alerts))
    const { stdout } = await promisify(execFile)(binary('promtool'), ['check', 'config', file])
    expect(stdout).toContain('1 rule files found')
  })

  it.each(panels.map(({ title, targets }) => [title, targets] as const))(
    'has values for %s',
    async (title, targets) => {
      for (const { expr } of targets) {
        const query = encodeURIComponent(expr.replaceAll(/\$(job|instance)/g, '.*'))
        const found = await ask<{ result: unknown[] } | undefined>(`/query?query=${query}`)
        expect(found, expr).toBeDefined()
        if (!MAY_BE_EMPTY.includes(title)) expect(found?.result, expr).not.toEqual([])
      }
    },
  )
})
