import { describe, expect, test } from 'vitest'
import type { CellDensityProfileFeature, LayerwiseCellDensityFeature } from '../../../../src/siibra/features/feature.ts'
import { loadBoundaryDepths, loadLayerwiseDensities } from '../../../../src/siibra/features/load/load-cell-densities.ts'
import { fixtures } from '../fixtures.ts'
import { BASE, sourceOf } from './sources.ts'

/** Files of one patch: cells by the number of their layer, and areas by layer. */
const cellsOf = (layers: (number | string)[]) => `# x layer\n${layers.map((layer, n) => `${n} ${layer}\n`).join('')}`
const areasOf = (...areas: [layer: number, area: number][]) =>
  `# Label Area(micron**2)\n${areas.map((row) => `${row.join(' ')}\n`).join('')}`

const load = (patches: [cells: string, areas: string][]) => {
  const files = Object.fromEntries(
    patches.flatMap(([cells, areas], n) => [
      [`c${n}`, cells],
      [`a${n}`, areas],
    ]),
  )
  const urls = (letter: string) => patches.map((_, n) => BASE + letter + n)
  const feature = { id: 'a feature', segmentUrls: urls('c'), layerUrls: urls('a') } as unknown
  return loadLayerwiseDensities(sourceOf(files).retrieval, feature as LayerwiseCellDensityFeature)
}

describe('densities by layer', () => {
  test('are cells in 0.1 mm^3, mean and deviation (of a sample) over the patches that have the layer', async () => {
    const { index, columns } = await load([
      // cells beyond the cortex (0, 7) need no area
      [cellsOf([1, 1, 1, 2, 10, 0, 7]), areasOf([3, 1e5], [1, 1e5], [10, 1e5], [2, 5e4])],
      [cellsOf([1]), areasOf([1, 1e5])],
      [cellsOf([1, 1, 2]), areasOf([2, 1e5], [1, 1e5])],
    ])
    expect(index).toEqual(['I', 'II', 'III', '10'])
    // 3, 1 and 2 cells of layer I in 0.1 mm^2, each 5 times 10,000 / 100,000: 1.5, 0.5 and 1; of layer II 1 and 0.5
    const close = (value: number) => expect.closeTo(value, 10)
    expect(columns.map(({ name, values }) => [name, ...values])).toEqual([
      ['mean', close(1), close(0.75), null, close(0.5)],
      ['std', close(0.5), close(Math.sqrt(0.125)), null, null],
    ])
  })

  test.each([
    ['lacks layers that have cells: I, VI', cellsOf([1, 6, 2, 0, 7]), areasOf([2, 1])],
    ['has no numbers under layer', '# x y\n1 2\n', areasOf([1, 1])],
    ['has no numbers under layer', cellsOf(['none']), areasOf([1, 1])],
    ['is no table of cells: it is text', 'x layer\n1 2\n', areasOf([1, 1])],
  ])('are refused where a file %s', async (why, cells, areas) => {
    await expect(load([[cells, areas]])).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(why),
    })
  })

  test('are refused where there are no files', async () => {
    await expect(load([])).rejects.toMatchObject({ code: 'BAD_DATA', message: 'a feature names no files' })
  })
})

test.each([undefined, {}, [], [[1, 2]], [[1], [2]], ['ab', 'cd'], [[1, 2], [3]]])(
  'boundaries of a layer that are %j are no line',
  async (segments) => {
    const files = { ...fixtures.cellDensity.files, 'IV_V.json': JSON.stringify({ segments }) }
    const feature = { url: `${BASE}segments.txt` } as CellDensityProfileFeature
    await expect(loadBoundaryDepths(sourceOf(files).retrieval, feature)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: `${BASE}IV_V.json holds no line`,
    })
  },
)
