import { type Cell, columnOf, type Frame } from '../data/frame.ts'
import type { LayerBreakpoints } from '../load/load-table.ts'
import { type BandPlace, buildBand, type Figure, TITLE_PLACE } from './figure.ts'
import { buildTemplate, type TemplateName } from './templates.ts'

const ARIAL = { family: 'Arial' }
const DENSITY = 'CB+ density<br>(·10<sup>3</sup> ·mm<sup>-3</sup>)'

/** Percentiles of the density, with the colour of the line and of the room below it. */
const PERCENTILES = [
  { column: 'density_5', line: '#555555', fill: null },
  { column: 'density_25', line: '#555555', fill: '#eeeeee' },
  { column: 'density_50', line: '#000000', fill: '#cccccc' },
  { column: 'density_75', line: '#555555', fill: '#cccccc' },
  { column: 'density_95', line: '#555555', fill: '#eeeeee' },
] as const

const GROUPS = ['<b>I-III</b>', '<b>IV</b>', '<b>V-VI</b>']

/** Room between the plots of two cases, as a share of the width over the number of plots. */
const GAP = 0.2

/** Profiles of calbindin density: one plot per case, percentiles over the depth (downwards), groups of layers behind. */
export function plotMarmosetProfile(
  table: Frame,
  breakpoints: LayerBreakpoints,
  regionCode: string,
  template: TemplateName,
): Figure {
  const caseOfRow = columnOf(table, 'case_id')?.values ?? []
  const cases = [...new Set(caseOfRow.map(String))]
  const highest = numbersOf(table, 'density_95').reduce((max, value) => Math.max(max, value), 0)
  const width = (1 - (GAP / cases.length) * (cases.length - 1)) / cases.length
  const data: Figure['data'] = []
  const layout: Figure['layout'] = {
    template: buildTemplate(template),
    font: ARIAL,
    showlegend: false,
    title: TITLE_PLACE,
  }
  const bands: object[] = []
  const names: object[] = []
  const annotations: object[] = []
  cases.forEach((name, i) => {
    const suffix = i === 0 ? '' : String(i + 1)
    const rows = caseOfRow.flatMap((value, row) => (String(value) === name ? [row] : []))
    data.push(...tracesOf(table, rows, name, suffix))
    const from = i * (width + GAP / cases.length)
    const to = i === cases.length - 1 ? 1 : from + width
    annotations.push(caption(name, (from + to) / 2))
    layout[`xaxis${suffix}`] = {
      anchor: `y${suffix}`,
      domain: [from, to],
      range: [0, Math.ceil(highest)],
      title: { text: DENSITY },
      ...(i === 0 ? { tickfont: ARIAL } : {}),
    }
    layout[`yaxis${suffix}`] = {
      anchor: `x${suffix}`,
      autorange: 'reversed',
      domain: [0, 1],
      ...(i === 0 ? { tickfont: ARIAL, title: { text: 'normalized cortical depth' } } : { showticklabels: false }),
    }
    const edges = edgesOf(breakpoints, regionCode, name)
    if (!edges) return
    const places = edges.slice(1).map((y1, g): BandPlace => {
      return { x0: 0, x1: 1, y0: edges[g] ?? 0, y1, xref: `x${suffix} domain`, yref: `y${suffix}` }
    })
    bands.push(...places.map((place, g) => buildBand(place, g === 1, { layer: 'below' })))
    if (i < cases.length - 1) return
    names.push(
      ...places.map((place, g) => {
        const label = { text: GROUPS[g], textposition: 'middle right', font: ARIAL }
        return buildBand(place, false, { label })
      }),
    )
  })
  return { data, layout: { ...layout, annotations, shapes: [...bands, ...names] } }
}

const numbersOf = (table: Frame, name: string): number[] =>
  (columnOf(table, name)?.values ?? []).filter((value): value is number => typeof value === 'number')

function tracesOf(table: Frame, rows: readonly number[], name: string, suffix: string): Figure['data'] {
  const pick = (column: string): Cell[] => rows.map((row) => columnOf(table, column)?.values[row] ?? null)
  return PERCENTILES.map(({ column, line, fill }) => ({
    type: 'scatter',
    mode: 'lines',
    name,
    line: { color: line },
    x: pick(column),
    y: pick('depth'),
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
    ...(fill ? { fill: 'tonexty', fillcolor: fill } : {}),
  }))
}

const caption = (text: string, x: number) => ({
  text,
  x,
  y: 1,
  xanchor: 'center',
  yanchor: 'bottom',
  xref: 'paper',
  yref: 'paper',
  showarrow: false,
  font: { ...ARIAL, size: 16 },
})

/** Surface, boundaries 3/4 and 5/6 as the data set has them, white matter; undefined where they are not known. */
function edgesOf(breakpoints: LayerBreakpoints, regionCode: string, name: string): number[] | undefined {
  const upper = breakpoints[regionCode]?.depth_1_3?.[name]
  const lower = breakpoints[regionCode]?.depth_5_6?.[name]
  return typeof upper === 'number' && typeof lower === 'number' ? [0, upper, lower, 1] : undefined
}
