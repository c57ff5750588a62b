/** The dashboard as Grafana's own types see it (@grafana/schema; Grafana itself cannot be had everywhere), and the files that provision it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'

// within the project, so that the package is found
mkdirSync('.cache', { recursive: true })
const folder = mkdtempSync(resolve('.cache/grafana-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const DASHBOARD = 'deploy/monitoring/grafana-dashboard.json'
interface Panel {
  type: string
  options?: unknown
  fieldConfig?: { defaults?: { custom?: unknown; thresholds?: unknown } }
}
const readDashboard = () => JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: Panel[] }

/** Where the types of what a kind of panel takes lie. */
const PANELS: Record<string, string> = {
  stat: 'stat/panelcfg/x/StatPanelCfg_types.gen',
  timeseries: 'timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen',
}

/** A program that is right where the dashboard fits: enumerations of the schema are texts in JSON. */
function programOf(dashboard: { panels: Panel[] }): string {
  const kinds = [...new Set(dashboard.panels.map(({ type }) => type))]
  const imports = kinds.map(
    (kind) => `import type * as ${kind} from '@grafana/schema/dist/esm/raw/composable/${PANELS[kind]}'`,
  )
  const values = dashboard.panels.flatMap(({ type, options = {}, fieldConfig }, i) => [
    `export const options${i}: Json<Partial<${type}.Options>> = ${JSON.stringify(options)}`,
    type === 'timeseries'
      ? `export const custom${i}: Json<Partial<timeseries.FieldConfig>> = ${JSON.stringify(fieldConfig?.defaults?.custom ?? {})}`
      : '',
  ])
  return `import type { Dashboard } from '@grafana/schema'
${imports.join('\n')}
type Json<T> = unknown extends T ? T : T extends string ? \`\${T}\` : T extends readonly (infer U)[] ? Json<U>[]
  : T extends object ? { [K in keyof T]: Json<T[K]> } : T
export const dashboard: Json<Dashboard> = ${JSON.stringify(dashboard, null, 2)}
${values.join('\n')}
`
}

/** What the compiler has to say about each file. */
function compile(programs: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text)
  const files = Object.keys(programs).map((name) => join(folder, name))
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler']
  try {
    execFileSync(resolve('node_modules/.bin/tsc'), [...options, '--ignoreConfig', ...files], { encoding: 'utf8' })
    return []
  } catch (failed) {
    return String((failed as { stdout: string }).stdout)
      .trim()
      .split('\n')
  }
}

it('fits the schema of Grafana, which notices what does not', () => {
  const [first, ...others] = readDashboard().panels as [Panel, ...Panel[]]
  const spoilt = [
    { ...first, gridPos: { x: 0, y: 0, w: '6', h: 5 } },
    { ...first, fieldConfig: { defaults: { thresholds: { mode: 'absolutely', steps: [] } }, overrides: [] } },
    { ...first, heading: 'Title' },
    { ...first, options: { graphMode: 'wide' } },
  ]
  const programs = Object.fromEntries(
    spoilt.map((panel, i) => [`spoilt-${i}.ts`, programOf({ ...readDashboard(), panels: [panel, ...others] })]),
  )
  const said = compile({ 'right.ts': programOf(readDashboard()), ...programs })
  expect(said.filter((line) => line.includes('right.ts'))).toEqual([])
  for (const name of Object.keys(programs)) expect(said.join('\n')).toContain(name)
})

const read = (name: string) => readFileSync(join('deploy', name), 'utf8')
const settingOf = (yaml: string, key: string) => new RegExp(`^ *-? *${key}: *(.+)$`, 'm').exec(yaml)?.[1]

it('is provisioned with its data source by the compose file', () => {
  const compose = read('compose.yaml')
  const mounts = new Map(
    [...compose.matchAll(/^ {6}- (\.\/monitoring\/\S+?):(\/\S+):ro$/gm)].map(([, from, to]) => [to, from]),
  )
  for (const from of mounts.values()) expect(() => read(from as string)).not.toThrow(/ENOENT/)
  const dashboards = read('monitoring/grafana/dashboards.yaml')
  expect(mounts.get(`${settingOf(dashboards, 'path')}/siibra-api.json`)).toBe('./monitoring/grafana-dashboard.json')
  expect(mounts.get('/etc/grafana/provisioning/dashboards/siibra-api.yaml')).toBe(
    './monitoring/grafana/dashboards.yaml',
  )
  const source = read('monitoring/grafana/datasources.yaml')
  expect(mounts.get('/etc/grafana/provisioning/datasources/siibra-api.yaml')).toBe(
    './monitoring/grafana/datasources.yaml',
  )
  expect(settingOf(source, 'type')).toBe('prometheus')
  expect(settingOf(source, 'url')).toBe('http://prometheus:9090')
  const prometheus = read('monitoring/prometheus.yaml')
  const alerts = /^rule_files:\n {2}- (\S+)$/m.exec(prometheus)?.[1]
  expect(mounts.get(alerts as string)).toBe('./monitoring/alerts.yaml')
})
