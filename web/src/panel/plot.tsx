import { useEffect, useRef } from 'preact/hooks'
import { report } from '../state/problems.ts'

/** A figure of plotly, as the service gives it. */
export interface Figure {
  data: object[]
  layout: Record<string, unknown>
}

/** Draws a figure; plotly is loaded with the first one. */
export function Plot({ figure, label }: { figure: Figure; label: string }) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const target = element.current as HTMLDivElement
    let isGone = false
    let undo = () => {}
    const draw = async () => {
      const { default: plotly } = await import('plotly.js-cartesian-dist-min')
      if (isGone) return
      const layout = {
        ...figure.layout,
        autosize: true,
        paper_bgcolor: 'transparent',
        plot_bgcolor: 'transparent',
        margin: { l: 50, r: 34, t: 60, b: 60 },
        modebar: { orientation: 'v', bgcolor: 'transparent', color: '#808a94', activecolor: '#3b8fc0' },
        title: { ...(figure.layout.title as object), font: { size: 14 } },
      }
      undo = () => plotly.purge(target)
      await plotly.newPlot(target, figure.data, layout, { responsive: true, displaylogo: false })
    }
    draw().catch(report)
    return () => {
      isGone = true
      undo()
    }
  }, [figure])
  return <div class="plot" role="img" aria-label={`Plot of ${label}`} ref={element} />
}
