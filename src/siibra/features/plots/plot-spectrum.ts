import type { Frame } from '../data/frame.ts'
import { buildFigure, buildTitle, type Figure } from './figure.ts'
import { type TemplateName, traceColors } from './templates.ts'

const GAP = 0.04

/** Power spectra: one plot per kind of spectrum, one above the other, over the same frequencies. */
export function plotSpectrum(title: string, table: Frame, template: TemplateName): Figure {
  const colors = traceColors(template)
  const count = table.columns.length
  const height = (1 - GAP * (count - 1)) / count
  const data: Figure['data'] = []
  const layout: Figure['layout'] = { showlegend: false, height: 1000, title: buildTitle(title) }
  table.columns.forEach(({ name, values }, i) => {
    const suffix = i === 0 ? '' : String(i + 1)
    const isLowest = i === count - 1
    const top = 1 - i * (height + GAP)
    data.push({
      type: 'scatter',
      mode: 'lines',
      name,
      hovertemplate: `%{x} Hz: %{y}<extra>${name}</extra>`,
      line: { color: colors[i % colors.length] },
      x: table.index,
      y: values,
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
    })
    layout[`xaxis${suffix}`] = {
      anchor: `y${suffix}`,
      domain: [0, 1],
      showticklabels: isLowest,
      ...(isLowest ? { title: { text: 'Frequency (Hz)' } } : {}),
      ...(i === 0 ? {} : { matches: 'x' }),
    }
    layout[`yaxis${suffix}`] = {
      anchor: `x${suffix}`,
      domain: [Math.max(0, top - height), top],
      title: { text: name },
    }
  })
  return buildFigure(template, data, layout)
}
