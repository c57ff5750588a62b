import type { Frame } from '../data/frame.ts'
import { buildFigure, type Figure, wrapTitle } from './figure.ts'
import { type TemplateName, traceColors } from './templates.ts'

/** Between two plots, and what siibra leaves free at their right, as shares of the figure. */
const GAP = 0.03
const WIDTH = 0.98
const HEIGHT_PX = 1000
const TITLE_WIDTH = 50

/** Power spectra: one plot per kind of spectrum, the first on top, over the same frequencies. */
export function plotSpectrum(title: string, table: Frame, template: TemplateName): Figure {
  const colors = traceColors(template)
  const count = table.columns.length
  const height = (1 - GAP * (count - 1)) / count
  const axisTitle = table.indexName ?? 'index'
  const axes: Figure['layout'] = {}
  const data = table.columns.map(({ name, values }, i) => {
    const fromBelow = count - 1 - i
    const suffix = fromBelow === 0 ? '' : String(fromBelow + 1)
    const bottom = fromBelow * (height + GAP)
    axes[`xaxis${suffix}`] = {
      anchor: `y${suffix}`,
      domain: [0, WIDTH],
      ...(fromBelow === 0 ? { title: { text: axisTitle } } : { matches: 'x', showticklabels: false }),
    }
    axes[`yaxis${suffix}`] = { anchor: `x${suffix}`, domain: [bottom, bottom + height], title: { text: name } }
    return {
      type: 'scatter',
      mode: 'lines',
      orientation: 'v',
      name,
      legendgroup: name,
      showlegend: true,
      hovertemplate: `variable=${name}<br>${axisTitle}=%{x}<br>value=%{y}<extra></extra>`,
      line: { color: colors[i % colors.length], dash: 'solid' },
      marker: { symbol: 'circle' },
      x: table.index,
      y: values,
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
    }
  })
  return buildFigure(template, data, {
    ...axes,
    annotations: table.columns.map((_, i) => emptyLabel(i * (height + GAP) + height / 2)),
    legend: { title: { text: 'variable' }, tracegroupgap: 0 },
    title: { text: wrapTitle(title, TITLE_WIDTH) },
    showlegend: false,
    height: HEIGHT_PX,
  })
}

/** siibra empties the labels beside the plots, since the axes say the same; clients find them where they were. */
const emptyLabel = (y: number) => ({
  text: '',
  font: {},
  showarrow: false,
  textangle: 90,
  x: WIDTH,
  xanchor: 'left',
  xref: 'paper',
  y,
  yanchor: 'middle',
  yref: 'paper',
})
