import { expect, test } from 'vitest'
import { buildTemplate, type TemplateName, traceColors } from '../../../../src/siibra/features/plots/templates.ts'

interface Template {
  layout: { colorway: string[]; plot_bgcolor: string; xaxis: object; yaxis: object }
}

/** As `plotly.io.templates` has them. */
test.each<[TemplateName, ground: string, ticks: string]>([
  ['plotly', '#E5ECF6', ''],
  ['plotly_white', 'white', ''],
  ['plotly_dark', 'rgb(17,17,17)', ''],
  ['ggplot2', 'rgb(237,237,237)', 'outside'],
  ['seaborn', 'rgb(234,234,242)', ''],
  ['simple_white', 'white', 'outside'],
])('%s has its ground and its ticks, and axes that make room for labels', (name, ground, ticks) => {
  const { layout } = buildTemplate(name) as Template
  expect(layout).toMatchObject({ plot_bgcolor: ground, colorway: traceColors(name), yaxis: layout.xaxis })
  expect(layout.xaxis).toMatchObject({ automargin: true, ticks })
})

test('only simple_white has lines for axes instead of a grid', () => {
  const frame = { showgrid: false, showline: true, zeroline: false }
  expect((buildTemplate('simple_white') as Template).layout.xaxis).toMatchObject(frame)
  for (const name of ['plotly', 'ggplot2', 'seaborn'] as const)
    for (const key of Object.keys(frame))
      expect((buildTemplate(name) as Template).layout.xaxis, name).not.toHaveProperty(key)
})
