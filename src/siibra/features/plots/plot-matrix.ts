import type { Matrix } from '../data/frame.ts'
import { matrixRows } from '../data/frame.ts'
import { buildAxes, buildFigure, buildTitle, type Figure } from './figure.ts'
import { type TemplateName, traceColors } from './templates.ts'

/** Colours of the strength of a connection, from 10^-6 to 1. */
const STRENGTHS = [
  [0, '#e6e6e6'],
  [0.005, '#f4f78c'],
  [0.13, '#e28b21'],
  [0.28, '#d75223'],
  [0.32, '#d44324'],
  [0.74, '#7c5359'],
  [0.92, '#513331'],
  [1, '#513331'],
]
const LOG_RANGE = [-6, 0]
const ROW_HEIGHT_PX = 18

/** How strongly areas project to one target: log10 of the column's values other than zero, weakest first. */
export function plotProjections(
  target: string,
  matrix: Matrix,
  names: readonly string[],
  column: number,
  template: TemplateName,
): Figure {
  const strengths = names
    .map((name, row) => ({ name, log: Math.log10(matrix.values[row * matrix.columnCount + column] ?? Number.NaN) }))
    .filter(({ log }) => Number.isFinite(log))
    .sort((a, b) => a.log - b.log)
  const logs = strengths.map(({ log }) => log)
  const trace = {
    type: 'scatter',
    mode: 'markers',
    name: '',
    showlegend: false,
    hovertemplate: `log10(FLNe %{y} → ${target}) = %{x:.2f}<extra></extra>`,
    marker: { color: logs, coloraxis: 'coloraxis', symbol: 'circle' },
    x: logs,
    y: strengths.map(({ name }) => name),
    xaxis: 'x',
    yaxis: 'y',
  }
  const { xaxis, yaxis } = buildAxes(`log<sub>10</sub>(FLNe) for injections in area ${target}`, 'source cortical area')
  return buildFigure(template, [trace], {
    coloraxis: { cmin: LOG_RANGE[0], cmax: LOG_RANGE[1], colorscale: STRENGTHS, showscale: false },
    font: { family: 'Sans Serif', size: 10 },
    height: Math.max(200, strengths.length * ROW_HEIGHT_PX),
    xaxis: { ...xaxis, range: LOG_RANGE },
    yaxis: { ...yaxis, dtick: 1, tick0: 0, range: [-1, strengths.length], autorange: false },
  })
}

/** The whole matrix as a heat map of log10 of its values; zeros stay empty. */
export function plotHeatMap(title: string, matrix: Matrix, names: readonly string[], template: TemplateName): Figure {
  const z = matrixRows(matrix).map((row) =>
    row.map((value) => (value !== null && value > 0 ? Math.log10(value) : null)),
  )
  const trace = {
    type: 'heatmap',
    name: '',
    hovertemplate: '%{y} → %{x}: 10<sup>%{z:.2f}</sup><extra></extra>',
    coloraxis: 'coloraxis',
    x: names,
    y: names,
    z,
    xaxis: 'x',
    yaxis: 'y',
  }
  const { xaxis, yaxis } = buildAxes('target', 'source')
  return buildFigure(template, [trace], {
    coloraxis: { cmin: LOG_RANGE[0], cmax: LOG_RANGE[1], colorscale: STRENGTHS },
    title: buildTitle(title),
    xaxis,
    yaxis: { ...yaxis, autorange: 'reversed' },
  })
}

/** Time series: the mean over time per region; of some columns alone, in that order, where these are given. */
export function plotMeans(
  title: string,
  matrix: Matrix,
  names: readonly string[],
  template: TemplateName,
  columns: readonly number[] = names.map((_, column) => column),
): Figure {
  const { rowCount, columnCount, values } = matrix
  const means = columns.map((column) => {
    let sum = 0
    for (let row = 0; row < rowCount; row++) sum += values[row * columnCount + column] ?? Number.NaN
    const mean = sum / rowCount
    return Number.isFinite(mean) ? mean : null
  })
  const trace = {
    type: 'bar',
    orientation: 'v',
    name: '',
    showlegend: false,
    hovertemplate: 'region=%{x}<br>mean=%{y}<extra></extra>',
    marker: { color: traceColors(template)[0], pattern: { shape: '' } },
    x: columns.map((column) => names[column] ?? ''),
    y: means,
    xaxis: 'x',
    yaxis: 'y',
  }
  return buildFigure(template, [trace], {
    barmode: 'relative',
    title: buildTitle(title),
    ...buildAxes('region', 'mean'),
  })
}
