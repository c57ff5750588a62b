import { describe, expect, test } from 'vitest'
import type { Frame } from '../../../../src/siibra/features/data/frame.ts'
import { plotExpressions } from '../../../../src/siibra/features/plots/plot-expressions.ts'
import { plotMarmosetProfile } from '../../../../src/siibra/features/plots/plot-marmoset.ts'
import { plotHeatMap, plotMeans, plotProjections } from '../../../../src/siibra/features/plots/plot-matrix.ts'
import { plotBars, plotProfile } from '../../../../src/siibra/features/plots/plot-profile.ts'
import { plotSpectrum } from '../../../../src/siibra/features/plots/plot-spectrum.ts'

const column = (name: string, values: (number | string | null)[]) => ({ name, type: 'float64' as const, values })
const frame = (
  indexName: string | null,
  index: (number | string)[],
  ...columns: ReturnType<typeof column>[]
): Frame => ({
  indexName,
  indexType: 'object',
  index,
  columns,
})

describe('figures', () => {
  test('a profile is a line over the depth, scaled to its highest value, with every second layer shaded', () => {
    const boundaries = [0, 0.1, 0.2, 0.5, 0.6, 0.8, 1]
    const profile = { depths: [0, 0.5, 1], values: [2, null, 7], unit: 'fmol/mg', boundaries }
    const { data, layout } = plotProfile('A profile', 'AMPA', profile, 'plotly_dark')
    expect(data).toHaveLength(1)
    expect(data[0]).toMatchObject({ type: 'scatter', name: 'AMPA (fmol/mg)', x: [0, 0.5, 1], y: [2, null, 7] })
    expect([data[0]!.showlegend, layout.showlegend]).toEqual([true, false])
    expect(layout.yaxis).toMatchObject({ range: [0, 7], title: { text: 'fmol/mg' } })
    const shapes = layout.shapes as { x0: number; x1: number; opacity: number; label: { text: string } }[]
    expect(shapes.map(({ x0, x1, opacity, label }) => [label.text, x0, x1, opacity])).toEqual([
      ['I', 0, 0.1, 0.2],
      ['II', 0.1, 0.2, 0],
      ['III', 0.2, 0.5, 0.2],
      ['IV', 0.5, 0.6, 0],
      ['V', 0.6, 0.8, 0.2],
      ['VI', 0.8, 1, 0],
    ])
  })

  test('bars have error bars where there are standard deviations', () => {
    const table = frame('receptor', ['AMPA', 'NMDA'], column('mean', [3, 4]), column('std', [0.1, 0.2]))
    const { data, layout } = plotBars('Densities', table, 'fmol/mg', 'none')
    expect(data[0]).toMatchObject({ type: 'bar', x: ['AMPA', 'NMDA'], y: [3, 4], error_y: { array: [0.1, 0.2] } })
    expect(data[0]).toMatchObject({ marker: { color: '#1F77B4' }, showlegend: false })
    expect(layout.yaxis).toMatchObject({ title: { text: 'mean &plusmn; std fmol/mg' } })
    const plain = plotBars('Densities', frame(null, [0], column('a', [1])), '', 'plotly')
    expect(plain.data[0]).not.toHaveProperty('error_y')
    expect(plain.layout.xaxis).toMatchObject({ title: { text: 'index' } })
  })

  test('gene expressions are a box per gene', () => {
    const table = frame(null, [0, 1], column('level', [1.5, 2]), column('gene', ['MAOA', 'TAC1']))
    const { data } = plotExpressions('Gene expressions', table, 'plotly')
    expect(data[0]).toMatchObject({ type: 'box', x: ['MAOA', 'TAC1'], y: [1.5, 2] })
  })

  test('marmoset profiles have a plot of five percentiles per case, and bands where boundaries are known', () => {
    const densities = ['density_5', 'density_25', 'density_50', 'density_75', 'density_95']
    const columns = densities.map((name, i) => column(name, [i, i + 1, i + 2]))
    const table = frame(null, [0, 1, 2], column('case_id', ['A', 'A', 'B']), column('depth', [0, 1, 0]), ...columns)
    const breakpoints = { V1: { depth_1_3: { A: 0.3, B: 0.3 }, depth_5_6: { A: 0.6, B: null } } }
    const { data, layout } = plotMarmosetProfile(table, breakpoints, 'V1', 'plotly')
    expect(data).toHaveLength(10)
    expect(data[5]).toMatchObject({ name: 'B', x: [2], y: [0], xaxis: 'x2', yaxis: 'y2' })
    expect(layout.xaxis2).toMatchObject({ range: [0, 6] })
    expect((layout.shapes as { y0: number; y1: number }[]).map(({ y0, y1 }) => [y0, y1])).toEqual([
      [0, 0.3],
      [0.3, 0.6],
      [0.6, 1],
    ])
  })

  test('the last of seven plots ends at the edge, whatever their widths add up to', () => {
    const cases = [...'ABCDEFG']
    const table = frame(
      null,
      cases,
      column('case_id', cases),
      column(
        'depth',
        cases.map(() => 0),
      ),
    )
    expect(plotMarmosetProfile(table, {}, 'V1', 'plotly').layout.xaxis7).toMatchObject({
      domain: [expect.closeTo(1 - (1 - 1.2 / 7) / 7, 10), 1],
    })
  })

  test('spectra stand one above the other', () => {
    const table = frame('Frequency (Hz)', [1, 2], column('PSD', [-1, -2]), column('PSD - rhythmic', [0, 1]))
    const { data, layout } = plotSpectrum('Spectrum', table, 'plotly')
    expect(data.map(({ name, yaxis }) => [name, yaxis])).toEqual([
      ['PSD', 'y2'],
      ['PSD - rhythmic', 'y'],
    ])
    expect(layout.xaxis).toMatchObject({ title: { text: 'Frequency (Hz)' } })
    expect(layout.xaxis2).toMatchObject({ matches: 'x', showticklabels: false })
    expect(layout.yaxis2).toMatchObject({ domain: [0.515, 1], title: { text: 'PSD' } })
    expect(layout.yaxis).toMatchObject({ domain: [0, 0.485], title: { text: 'PSD - rhythmic' } })
  })

  const matrix = {
    rowCount: 3,
    columnCount: 3,
    integral: false,
    values: Float64Array.of(0, 0.1, 1, 1e-3, 0, 0, 1e-2, 0, 0),
  }
  const names = ['a', 'b', 'c']

  test('projections to a target are sorted by strength, without those that are zero', () => {
    const { data } = plotProjections('a', matrix, names, 0, 'plotly')
    expect(data[0]!.y).toEqual(['b', 'c'])
    expect((data[0]!.x as number[]).map((x) => Math.round(x * 1e6) / 1e6)).toEqual([-3, -2])
  })

  test('a matrix is a heat map of logarithms', () => {
    const { data } = plotHeatMap('Matrix', matrix, names, 'plotly')
    expect((data[0]!.z as (number | null)[][])[0]).toEqual([null, -1, 0])
  })

  test('time series are means per region', () => {
    const series = { rowCount: 2, columnCount: 2, integral: true, values: Float64Array.of(1, Number.NaN, 3, 4) }
    expect(plotMeans('BOLD', series, ['a', 'b'], 'plotly').data[0]!.y).toEqual([2, null])
  })

  test('projections are told for their own column, in rows of 18 px, weakest below', () => {
    const values = Float64Array.of(0, 0.1, 1, 1e-3, 0, 0, 1e-2, 0.5, 0)
    const { data, layout } = plotProjections('b', { ...matrix, values }, names, 1, 'plotly')
    expect(data[0]).toMatchObject({ y: ['a', 'c'], x: [-1, Math.log10(0.5)], showlegend: false })
    expect(layout).toMatchObject({
      height: 200,
      coloraxis: { cmin: -6, cmax: 0, showscale: false },
      xaxis: { range: [-6, 0] },
      yaxis: { range: [-1, 2], autorange: false },
    })
    const many = Array.from({ length: 20 }, (_, i) => `area ${i}`)
    const column = { rowCount: 20, columnCount: 1, integral: false, values: new Float64Array(20).fill(0.5) }
    expect(plotProjections('b', column, many, 0, 'plotly').layout.height).toBe(20 * 18)
  })

  test('a heat map leaves empty what is zero, negative or not a number', () => {
    const values = Float64Array.of(0.01, -1, Number.NaN, 0)
    const { data, layout } = plotHeatMap('Matrix', { ...matrix, rowCount: 2, columnCount: 2, values }, names, 'plotly')
    expect(data[0]!.z).toEqual([
      [-2, null],
      [null, null],
    ])
    expect(layout.yaxis).toMatchObject({ autorange: 'reversed' })
  })

  test('means may be those of some columns, in their order', () => {
    const series = { rowCount: 2, columnCount: 3, integral: true, values: Float64Array.of(1, 2, 3, 4, 6, 8) }
    const [bars] = plotMeans('BOLD', series, names, 'plotly', [2, 0]).data
    expect(bars).toMatchObject({ x: ['c', 'a'], y: [5.5, 2.5], showlegend: false })
    expect(plotMeans('BOLD', series, names, 'plotly').data[0]).toMatchObject({ x: names, y: [2.5, 4, 5.5] })
  })

  test('spectra share the height but for a gap, each with its colour and an empty label in its middle', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => column(`PSD ${i}`, [i]))
    const { data, layout } = plotSpectrum('Spectrum', frame(null, [1], ...twelve), 'plotly')
    const colours = data.map(({ line }) => (line as { color: string }).color)
    expect(colours[1]).not.toBe(colours[0])
    expect(colours.slice(9)).toEqual(colours.slice(0, 3))
    expect(data.every(({ showlegend }) => showlegend === true)).toBe(true)
    expect(layout).toMatchObject({ showlegend: false, xaxis: { title: { text: 'index' } } })
    const height = (1 - 0.03 * 11) / 12
    const close = (value: number) => expect.closeTo(value, 10)
    expect(layout.annotations).toEqual(
      twelve.map((_, i) =>
        expect.objectContaining({ text: '', showarrow: false, y: close(i * (height + 0.03) + height / 2) }),
      ),
    )
    expect(layout.yaxis12).toMatchObject({ domain: [close(11 * (height + 0.03)), close(1)], title: { text: 'PSD 0' } })
  })

  test('marmoset profiles of three cases stand side by side, with the names of layers at the last one only', () => {
    const rows = ['A', 'B', 'C']
    const densities = ['density_5', 'density_25', 'density_50', 'density_75', 'density_95']
    const columns = densities.map((name) => column(name, [1, 2, 2.5]))
    const table = frame(null, [0, 1, 2], column('case_id', rows), column('depth', [0, 0.5, 1]), ...columns)
    const known = { A: 0.2, B: 0.3, C: 0.4 }
    const breakpoints = { V1: { depth_1_3: known, depth_5_6: { A: 0.6, B: 0.7, C: 0.8 } } }
    const { data, layout } = plotMarmosetProfile(table, breakpoints, 'V1', 'plotly')
    expect(data.map(({ name }) => name)).toEqual(rows.flatMap((name) => Array(5).fill(name)))
    expect(data.slice(5, 7).map(({ x, xaxis, fill }) => [x, xaxis, fill])).toEqual([
      [[2], 'x2', undefined],
      [[2], 'x2', 'tonexty'],
    ])
    const [width, gap] = [(1 - (0.2 / 3) * 2) / 3, 0.2 / 3]
    const close = (value: number) => expect.closeTo(value, 10)
    expect(layout.xaxis).toMatchObject({ domain: [0, close(width)], range: [0, 3] })
    expect(layout.xaxis2).toMatchObject({ domain: [close(width + gap), close(2 * width + gap)] })
    expect(layout.xaxis3).toMatchObject({ domain: [close(2 * (width + gap)), 1] })
    expect(layout.yaxis).toMatchObject({ autorange: 'reversed', title: { text: 'normalized cortical depth' } })
    expect(layout.yaxis2).toMatchObject({ showticklabels: false })
    expect([layout.xaxis, layout.xaxis2].map((axis) => 'tickfont' in (axis as object))).toEqual([true, false])
    expect(layout.yaxis).not.toHaveProperty('showticklabels')
    expect(layout.showlegend).toBe(false)
    expect(layout.annotations).toMatchObject(
      rows.map((text, i) => ({ text, showarrow: false, x: close(i * (width + gap) + width / 2) })),
    )
    const shapes = layout.shapes as { y0: number; y1: number; label?: { text: string }; opacity: number }[]
    expect(shapes).toHaveLength(4 * 3)
    expect(shapes.slice(6, 9).map(({ y0, y1 }) => [y0, y1])).toEqual([
      [0, 0.4],
      [0.4, 0.8],
      [0.8, 1],
    ])
    expect(shapes.slice(9).map(({ label }) => label?.text)).toEqual(['<b>I-III</b>', '<b>IV</b>', '<b>V-VI</b>'])
    const [upper, middle, lower] = shapes
    expect([upper?.opacity, middle?.opacity].map((opacity) => opacity === 0)).toEqual([true, false])
    expect(shapes.slice(9).map(({ opacity }) => opacity)).toEqual([0, 0, 0])
    expect(upper).toEqual({ ...lower, y0: upper?.y0, y1: upper?.y1 })
    expect(middle?.opacity).not.toBe(upper?.opacity)
    expect(shapes[10]).toMatchObject({ opacity: shapes[9]?.opacity })
  })
})
