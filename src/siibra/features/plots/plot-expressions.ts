import { columnOf, type Frame } from '../data/frame.ts'
import { buildAxes, buildFigure, buildTitle, type Figure } from './figure.ts'
import { type TemplateName, traceColors } from './templates.ts'

/** Gene expressions: a box per gene over the levels of all samples. The table has columns `gene` and `level`. */
export function plotExpressions(title: string, table: Frame, template: TemplateName): Figure {
  const trace = {
    type: 'box',
    orientation: 'v',
    name: '',
    legendgroup: '',
    offsetgroup: '',
    alignmentgroup: 'True',
    showlegend: false,
    notched: false,
    hovertemplate: 'gene=%{x}<br>level=%{y}<extra></extra>',
    marker: { color: traceColors(template)[0] },
    x: columnOf(table, 'gene')?.values ?? [],
    x0: ' ',
    y: columnOf(table, 'level')?.values ?? [],
    y0: ' ',
    xaxis: 'x',
    yaxis: 'y',
  }
  return buildFigure(template, [trace], { boxmode: 'group', title: buildTitle(title), ...buildAxes('gene', 'level') })
}
