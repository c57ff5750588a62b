import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../app.ts'

interface Dashboard {
  title: string
  panels: { id: number; title: string; targets: { expr: string }[] }[]
}

const dashboard = JSON.parse(readFileSync('deploy/monitoring/grafana-dashboard.json', 'utf8')) as Dashboard
const alerts = readFileSync('deploy/monitoring/alerts.yaml', 'utf8')
const alertExpressions = [...alerts.matchAll(/^ {8}expr: (.+)$/gm)].map(([, expr]) => expr as string)
const panelExpressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

let app: TestApp
let exported: Map<string, Set<string>>

beforeAll(async () => {
  app = await startTestApp()
  await app.get('/v3_0/atlases')
  exported = parseMetrics(Buffer.from((await app.get('/metrics')).bytes).toString())
})
afterAll(() => app.close())

/** Names of series, with the names of their labels; those that have no values yet are there without. */
function parseMetrics(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const names = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name as string]
    for (const one of names) found.set(one, new Set())
  }
  for (const [, name, labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm))
    for (const [, label] of labels.matchAll(/(\w+)="/g)) found.get(name as string)?.add(label as string)
  return found
}

/** `name{label="value",...}` of an expression; names of functions and words of PromQL have no such form. */
function seriesOf(expr: string): { name: string; labels: string[] }[] {
  return [...expr.matchAll(/\b((?:siibra_api|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(([, name, labels = '']) => ({
    name: name as string,
    labels: [...labels.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label as string),
  }))
}

/** Set by Prometheus itself. */
const TARGET_LABELS = ['job', 'instance']

describe.each([
  ['the dashboard', panelExpressions],
  ['the alert rules', alertExpressions],
])('%s', (_, expressions) => {
  it('asks for metrics and labels that there are', () => {
    expect(expressions.length).toBeGreaterThan(7)
    for (const expr of expressions) {
      const series = seriesOf(expr)
      expect(series, expr).not.toEqual([])
      for (const { name, labels } of series) {
        const known = exported.get(name)
        expect(known, `${name} in ${expr}`).toBeDefined()
        if (known && known.size > 0)
          for (const label of labels) expect([...known, ...TARGET_LABELS], `${label} of ${name}`).toContain(label)
      }
    }
  })

  it('has balanced brackets', () => {
    for (const expr of expressions)
      for (const [open, close] of ['()', '{}', '[]'].map((pair) => [...pair]))
        expect(expr.split(open as string).length, expr).toBe(expr.split(close as string).length)
  })
})

it('has panels with titles of their own', () => {
  expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length)
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
})

it('has a name, an expression, a severity and a summary for every alert', () => {
  const names = [...alerts.matchAll(/^ {6}- alert: (\w+)$/gm)]
  for (const part of [
    /^ {8}expr: /gm,
    /^ {8}labels: \{ severity: (?:critical|warning) \}$/gm,
    /^ {10}summary: ".+"$/gm,
  ])
    expect([...alerts.matchAll(part)].length).toBe(names.length)
})

it('has a runbook for every alert, and no other', () => {
  const names = [...alerts.matchAll(/^ {6}- alert: (\w+)$/gm)].map(([, name]) => name as string)
  const urls = [...alerts.matchAll(/^ {10}runbook_url: "\{\{ \$externalLabels\.siibra_guide \}\}\/runbooks\/(\w+)"$/gm)]
  expect(urls.map(([, name]) => name)).toEqual(names)
  const pages = readdirSync('docs/runbooks').map((file) => file.replace(/\.md$/, ''))
  expect(pages.sort()).toEqual([...names].sort())
  for (const name of names) expect(readFileSync('docs/runbooks.md', 'utf8')).toContain(`(runbooks/${name}.md)`)
})

it('is a dashboard as Grafana wants one', () => {
  // required by Grafana's schema of dashboards (schemaVersion 36 and newer) and of panels
  const { schemaVersion, panels } = dashboard as unknown as { schemaVersion: number; panels: Record<string, unknown>[] }
  expect(schemaVersion).toBeGreaterThanOrEqual(36)
  for (const panel of panels) {
    expect(Object.keys(panel)).toEqual(
      expect.arrayContaining(['id', 'type', 'title', 'gridPos', 'datasource', 'targets']),
    )
    const { x, y, w, h } = panel.gridPos as Record<string, number>
    expect([x, y, w, h].every(Number.isInteger), String(panel.title)).toBe(true)
    expect((x as number) + (w as number)).toBeLessThanOrEqual(24)
    const refIds = (panel.targets as { refId?: string }[]).map(({ refId }) => refId)
    if (refIds.length > 1) expect(new Set(refIds).size, String(panel.title)).toBe(refIds.length)
  }
})
