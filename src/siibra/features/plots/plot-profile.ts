import { columnOf, type Frame } from '../data/frame.ts'
import { LAYER_NAMES } from '../load/layers.ts'
import { buildAxes, buildBand, buildFigure, buildTitle, type Figure } from './figure.ts'
import { type TemplateName, traceColors } from './templates.ts'

export interface Profile {
  depths: readonly number[]
  values: readonly (number | null)[]
  unit: string
  boundaries: readonly number[] | null
}

/** A cortical profile: a line over the depth, with the layers behind it where their boundaries are known. */
export function plotProfile(name: string, modality: string, profile: Profile, template: TemplateName): Figure {
  const { depths, values, unit, boundaries } = profile
  const label = `${modality} (${unit})`
  const trace = {
    type: 'scatter',
    mode: 'lines',
    orientation: 'v',
    name: label,
    legendgroup: label,
    showlegend: true,
    hovertemplate: `variable=${label}<br>Cortical depth=%{x}<br>${unit}=%{y}<extra></extra>`,
    line: { color: traceColors(template)[0], dash: 'solid' },
    marker: { symbol: 'circle' },
    x: depths,
    y: values,
    xaxis: 'x',
    yaxis: 'y',
  }
  const { xaxis, yaxis } = buildAxes('Cortical depth', unit)
  const highest = values.reduce<number>((max, value) => Math.max(max, value ?? max), Number.NEGATIVE_INFINITY)
  return buildFigure(template, [trace], {
    legend: { title: { text: 'variable' }, tracegroupgap: 0 },
    showlegend: false,
    title: buildTitle(name),
    xaxis,
    yaxis: { ...yaxis, range: [0, highest] },
    ...(boundaries ? { shapes: buildLayers(boundaries) } : {}),
  })
}

function buildLayers(boundaries: readonly number[]) {
  return boundaries.slice(1).map((x1, i) => {
    const place = { x0: boundaries[i] ?? 0, x1, y0: 0, y1: 1, xref: 'x', yref: 'y domain' }
    return buildBand(place, i % 2 === 0, { label: { text: LAYER_NAMES[i + 1], textposition: 'bottom center' } })
  })
}

/** A bar per row of a table: its first column, with standard deviations where there are any. */
export function plotBars(title: string, table: Frame, unit: string, template: TemplateName): Figure {
  const [first] = table.columns
  const deviation = columnOf(table, 'std')
  const axis = table.indexName ?? 'index'
  const value = first?.name ?? 'value'
  const trace = {
    type: 'bar',
    orientation: 'v',
    name: '',
    legendgroup: '',
    offsetgroup: '',
    alignmentgroup: 'True',
    showlegend: false,
    textposition: 'auto',
    hovertemplate: `${axis}=%{x}<br>${value}=%{y}<extra></extra>`,
    marker: { color: traceColors(template)[0], pattern: { shape: '' } },
    x: table.index,
    y: first?.values ?? [],
    xaxis: 'x',
    yaxis: 'y',
    ...(deviation ? { error_y: { array: deviation.values } } : {}),
  }
  const yTitle = `${value}${deviation ? ' &plusmn; std' : ''} ${unit}`
  return buildFigure(template, [trace], { barmode: 'relative', title: buildTitle(title), ...buildAxes(axis, yTitle) })
}
