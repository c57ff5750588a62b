/**
 * Looks of figures, by the names that plotly's Python library gives its templates. Each is reduced to what our kinds of
 * traces use: ground, grid, font and the sequence of colours.
 */

export type TemplateName = 'plotly' | 'plotly_white' | 'plotly_dark' | 'ggplot2' | 'seaborn' | 'simple_white' | 'none'

interface Look {
  colors: readonly string[]
  font: string
  ground: string
  paper: string
  grid: string
  line: string
  zero: string
  isFramed?: true
}

const BRIGHT = ['#636efa', '#EF553B', '#00cc96', '#ab63fa', '#FFA15A', '#19d3f3', '#FF6692', '#B6E880', '#FF97FF']
const CLASSIC = ['#1F77B4', '#FF7F0E', '#2CA02C', '#D62728', '#9467BD', '#8C564B', '#E377C2', '#7F7F7F', '#BCBD22']
const MUTED = ['rgb(76,114,176)', 'rgb(221,132,82)', 'rgb(85,168,104)', 'rgb(196,78,82)', 'rgb(129,114,179)']
const GG = ['#F8766D', '#A3A500', '#00BF7D', '#00B0F6', '#E76BF3']
const DARK = 'rgb(17,17,17)'
const INK = 'rgb(36,36,36)'

const onWhite = { paper: 'white', grid: 'white', line: 'white', zero: 'white' }

const LOOKS: Record<Exclude<TemplateName, 'none'>, Look> = {
  plotly: { ...onWhite, colors: BRIGHT, font: '#2a3f5f', ground: '#E5ECF6' },
  plotly_white: {
    colors: BRIGHT,
    font: '#2a3f5f',
    ground: 'white',
    paper: 'white',
    grid: '#EBF0F8',
    line: '#EBF0F8',
    zero: '#EBF0F8',
  },
  plotly_dark: {
    colors: BRIGHT,
    font: '#f2f5fa',
    ground: DARK,
    paper: DARK,
    grid: '#283442',
    line: '#506784',
    zero: '#283442',
  },
  ggplot2: { ...onWhite, colors: GG, font: 'rgb(51,51,51)', ground: 'rgb(237,237,237)' },
  seaborn: { ...onWhite, colors: MUTED, font: INK, ground: 'rgb(234,234,242)' },
  simple_white: {
    colors: CLASSIC,
    font: INK,
    ground: 'white',
    paper: 'white',
    grid: 'rgb(232,232,232)',
    line: INK,
    zero: INK,
    isFramed: true,
  },
}

/** The colours of the traces of a figure, in order. */
export function traceColors(name: TemplateName): readonly string[] {
  return name === 'none' ? CLASSIC : LOOKS[name].colors
}

/** `layout.template` of a figure. */
export function buildTemplate(name: TemplateName): object {
  if (name === 'none') return { data: { scatter: [{ type: 'scatter' }] } }
  const { colors, font, ground, paper, grid, line, zero, isFramed } = LOOKS[name]
  const axis = {
    automargin: true,
    gridcolor: grid,
    linecolor: line,
    zerolinecolor: zero,
    ticks: isFramed || name === 'ggplot2' ? 'outside' : '',
    title: { standoff: 15 },
    ...(isFramed ? { showgrid: false, showline: true, zeroline: false } : {}),
  }
  const errors = { error_x: { color: font }, error_y: { color: font } }
  return {
    data: { bar: [{ type: 'bar', ...errors, marker: { line: { color: ground, width: 0.5 } } }] },
    layout: {
      colorway: colors,
      font: { color: font },
      hoverlabel: { align: 'left' },
      hovermode: 'closest',
      paper_bgcolor: paper,
      plot_bgcolor: ground,
      title: { x: 0.05 },
      xaxis: axis,
      yaxis: axis,
    },
  }
}
