/** What plotly.js draws: traces and a layout. The parts that figures share. */
import { buildTemplate, type TemplateName } from './templates.ts'
import { wrapText } from './wrap-text.ts'

export interface Figure {
  data: Record<string, unknown>[]
  layout: Record<string, unknown>
}

const TITLE_WIDTH = 40

/** A title that is wrapped into the room that a figure has. */
export const buildTitle = (text: string) => ({ ...TITLE_PLACE, automargin: true, text: wrapTitle(text) })

export const TITLE_PLACE = { pad: { t: 40 }, xanchor: 'left', xref: 'container', yanchor: 'top', yref: 'container' }

export const wrapTitle = (text: string, width = TITLE_WIDTH): string => wrapText(text, width).join('<br>')

/** The two axes of a figure with one plot. */
export const buildAxes = (xTitle: string, yTitle: string) => ({
  xaxis: { anchor: 'y', domain: [0, 1], title: { text: xTitle } },
  yaxis: { anchor: 'x', domain: [0, 1], title: { text: yTitle } },
})

export function buildFigure(template: TemplateName, data: Figure['data'], layout: Figure['layout']): Figure {
  return { data, layout: { template: buildTemplate(template), legend: { tracegroupgap: 0 }, ...layout } }
}

export interface BandPlace {
  x0: number
  x1: number
  y0: number
  y1: number
  xref: string
  yref: string
}

/** A layer between two depths, shaded or not, with its name. */
export const buildBand = (place: BandPlace, isShaded: boolean, extra: Record<string, unknown> = {}) => ({
  type: 'rect',
  fillcolor: 'gray',
  line: { width: 0 },
  opacity: isShaded ? 0.2 : 0,
  ...place,
  ...extra,
})
