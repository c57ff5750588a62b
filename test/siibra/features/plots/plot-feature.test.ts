/** Which figure a feature has, with which title. */
import { describe, expect, test } from 'vitest'
import { featureIndex } from '../../../../src/siibra/features/catalogue.ts'
import type { Feature } from '../../../../src/siibra/features/feature.ts'
import type { Figure } from '../../../../src/siibra/features/plots/figure.ts'
import { type PlotOptions, plotFeature } from '../../../../src/siibra/features/plots/plot-feature.ts'
import type { AtlasCore } from '../../../../src/siibra/index.ts'
import { loadSmallAtlas, parcellation } from '../../small-atlas.ts'

const MATRICES = {
  species: 'Homo sapiens',
  parcellation: { '@id': 'p' },
  base_url: 'https://example.org/',
  decoder: { '@type': 'siibra/decoder/csv', header: null },
  regions: ['area A', 'area B'],
  cohort: 'c',
}
const FILES = {
  'parcellations/p.json': parcellation('p', [{ name: 'area A' }, { name: 'area B' }]),
  'features/connectivity/tracer.json': {
    ...MATRICES,
    '@id': 'tracer',
    '@type': 'siibra/feature/connectivitymatrix/v0.3',
    modality: 'RetrogradeTracer',
    files: { all: 'tracer.csv' },
  },
  'features/timeseries/bold.json': {
    ...MATRICES,
    '@id': 'bold',
    '@type': 'siibra/feature/timeseries/activity/v0.1',
    modality: 'RegionalBOLD',
    files: { one: 'bold.csv' },
  },
}
const TEXTS = {
  'example.org/tracer.csv': '0,0.1\n0.01,0\n',
  'example.org/bold.csv': '1,10\n2,20\n6,30\n',
  'example.org/spectrum.tsv': 'Frequency (Hz)\tPSD\n1\t-3\n2\t-4\n',
}

const objects = Object.fromEntries(Object.entries(TEXTS).map(([key, text]) => [key, new TextEncoder().encode(text)]))
const load = () => loadSmallAtlas(FILES, objects)

async function plot(id: string, options: Partial<PlotOptions> = {}): Promise<Figure> {
  const core = await load()
  const feature = (await featureIndex(core)).features.find((one) => one.id === id)
  if (!feature) throw new Error(`there is no ${id}`)
  return plotFeature(core, feature, { template: 'plotly', ...options })
}

const textOf = ({ layout }: Figure) => (layout.title as { text: string }).text.replaceAll('<br>', ' ')

describe('a matrix between areas', () => {
  test.each([undefined, '', '  '])('is a heat map where regions are %j', async (regions) => {
    const { data, layout } = await plot('tracer', { regions })
    expect(data).toMatchObject([
      {
        type: 'heatmap',
        x: ['area A', 'area B'],
        z: [
          [null, -1],
          [-2, null],
        ],
      },
    ])
    expect(layout.title).toMatchObject({ automargin: true, text: expect.stringContaining('InterarealConnectivity') })
  })

  test('is a figure of the projections to one target', async () => {
    expect((await plot('tracer', { regions: 'area A' })).data).toMatchObject([{ x: [-2], y: ['area B'] }])
    expect((await plot('tracer', { regions: 'area B' })).data).toMatchObject([{ x: [-1], y: ['area A'] }])
  })

  test.each(['area A, area B', ' , '])('has no figure of the targets %j', async (regions) => {
    await expect(plot('tracer', { regions })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: 'regions: one target is expected, whose connections are plotted',
      details: { parameter: 'regions', allowed: ['area A', 'area B'] },
    })
  })
})

test.each([
  [undefined, ['area A', 'area B'], [3, 20]],
  ['area B', ['area B'], [20]],
  ['area B area A', ['area B', 'area A'], [20, 3]],
])('time series are the means of the regions %j', async (regions, x, y) => {
  expect((await plot('bold', { regions })).data).toMatchObject([{ type: 'bar', x, y }])
})

const base = {
  id: 'made on the fly',
  modality: 'Levels',
  name: 'a name',
  description: '',
  datasets: [],
  anchor: { species: 'Homo sapiens', regionSpec: 'area B', location: null },
}
const table = {
  indexName: null,
  indexType: 'int64',
  index: [0],
  columns: [
    { name: 'level', type: 'float64', values: [1.5] },
    { name: 'gene', type: 'object', values: ['TAC1'] },
  ],
}
const made = (core: AtlasCore, feature: object) =>
  plotFeature(core, { ...base, ...feature } as unknown as Feature, { template: 'plotly' })

test('tables are bars, but for gene expressions, which are boxes; both tell of the region', async () => {
  const core = await load()
  const boxes = await made(core, { kind: 'table', type: 'GeneExpressions', table })
  expect(boxes.data).toMatchObject([{ type: 'box', x: ['TAC1'], y: [1.5], showlegend: false, notched: false }])
  expect(textOf(boxes)).toBe('Levels measured in area B')
  const bars = await made(core, { kind: 'table', type: 'Tabular', table })
  expect(bars.data).toMatchObject([{ type: 'bar', x: [0], y: [1.5] }])
  expect(textOf(bars)).toBe('Levels in area B')
})

test('a spectrum tells how its recordings were made', async () => {
  const spectrumUrl = 'https://example.org/spectrum.tsv'
  const feature = { kind: 'field-potential', conditions: ' - pathology: none', psdUrls: [], spectrumUrl }
  const { data, layout } = await made(await load(), feature)
  expect(data).toMatchObject([{ name: 'PSD', x: [1, 2], y: [-3, -4] }])
  expect(textOf({ data, layout })).toBe('Levels - pathology: none')
})

test.each(['image', 'ebrains-dataset', 'connectivity'])('a feature of kind %s has no figure', async (kind) => {
  await expect(made(await load(), { kind, type: 'Anything' })).rejects.toMatchObject({
    code: 'NOT_AVAILABLE',
    details: { feature: base.id, type: 'Anything' },
  })
})
