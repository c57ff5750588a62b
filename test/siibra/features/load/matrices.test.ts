import { describe, expect, test } from 'vitest'
import type { MatrixFiles } from '../../../../src/siibra/features/feature.ts'
import { labelRegions, loadMatrix } from '../../../../src/siibra/features/load/load-matrices.ts'
import { loadLabelledMatrix } from '../../../../src/siibra/features/load/load-table.ts'
import { loadSmallAtlas, parcellation } from '../../small-atlas.ts'
import { BASE, sourceOf } from './sources.ts'

/** A matrix of each text: the files `0`, `1` ... in the order of the subjects. */
function filesOf(texts: readonly string[], kind: 'connectivity' | 'timeseries' = 'connectivity') {
  const names = texts.map((_, n) => String(n))
  const { retrieval } = sourceOf(Object.fromEntries(texts.map((text, n) => [names[n]!, text])))
  const files = {
    kind,
    id: 'a feature',
    repository: { kind: 'folder', url: BASE },
    files: new Map(names.map((name) => [`subject ${name}`, name])),
    decoder: { delimiter: ',', header: null, skipRows: 0, compression: null },
    regionNames: ['area A', 'area B'],
    cohort: '',
  } as unknown as MatrixFiles & { kind: 'connectivity' }
  return { retrieval, files }
}

const valuesOf = (matrix: { values: ArrayLike<number> }) => Array.from(matrix.values)

describe('a matrix', () => {
  test('of a subject is that file, as it is; so is the only one', async () => {
    const { retrieval, files } = filesOf(['1,2\n3,4\n', '5,6\n7,8\n'])
    const first = await loadMatrix(retrieval, files, 'subject 0')
    const second = await loadMatrix(retrieval, files, 'subject 1')
    expect([first, second].map(valuesOf)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
    expect(first.integral).toBe(true)
    const only = filesOf(['1,2\n3,4\n'])
    expect(await loadMatrix(only.retrieval, only.files)).toEqual(first)
    await expect(loadMatrix(retrieval, files, 'subject 2')).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      details: { parameter: 'subject', allowed: ['subject 0', 'subject 1'] },
    })
  })

  test('of no subject is the mean of all, which is a matrix of fractions', async () => {
    const { retrieval, files } = filesOf(['1,2\n3,4\n', '5,6\n7,8\n', '3,4\n5,9\n'])
    const mean = await loadMatrix(retrieval, files)
    expect(mean).toMatchObject({ rowCount: 2, columnCount: 2, integral: false })
    expect(valuesOf(mean)).toEqual([3, 4, 5, 7])
  })

  test.each([2, 16, 17, 40])('is the mean of %i files, each of which counts once', async (count) => {
    const { retrieval, files } = filesOf(Array.from({ length: count }, (_, n) => `${n},${n * n}\n`))
    const numbers = Array.from({ length: count }, (_, n) => n)
    const sums = [numbers, numbers.map((n) => n * n)].map((all) => all.reduce((sum, value) => sum + value, 0))
    expect(valuesOf(await loadMatrix(retrieval, files))).toEqual(sums.map((sum) => sum / count))
  })

  test.each([
    ['rows', '1,2\n', '2 x 2'],
    ['columns', '1\n2\n', '2 x 2'],
  ])('has no mean where files differ in %s', async (_, text, others) => {
    const { retrieval, files } = filesOf(['1,2\n3,4\n', text])
    await expect(loadMatrix(retrieval, files)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`, ${others}`),
    })
  })

  test('is none without a row, and of no files', async () => {
    const empty = filesOf(['\n'])
    await expect(loadMatrix(empty.retrieval, empty.files)).rejects.toMatchObject({ message: `${BASE} 0 is empty` })
    const none = filesOf([])
    await expect(loadMatrix(none.retrieval, none.files)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  })
})

describe('rows and columns', () => {
  const load = () =>
    loadSmallAtlas({
      'parcellations/p.json': parcellation('p', [
        { name: 'area A' },
        { name: 'area B left' },
        { name: 'area B right' },
      ]),
    })

  test('are regions by their names, several where they are ambiguous, or the names', async () => {
    const { all } = (await load()).parcellations
    const labels = labelRegions(all[0]!, ['area A', 'area B', 'nowhere'])
    expect(labels.map((label) => JSON.stringify(label, ['name']))).toEqual([
      '{"name":"area A"}',
      '[{"name":"area B left"},{"name":"area B right"}]',
      '"nowhere"',
    ])
  })

  test('of a matrix are as many as its regions; those of time series are points in time', async () => {
    const { all } = (await load()).parcellations
    const shapeOf = async (text: string, kind?: 'timeseries') => {
      const { retrieval, files } = filesOf([text], kind)
      const { rows, columns } = await loadLabelledMatrix(retrieval, files as never, all[0]!)
      return [rows.length, columns.length, typeof rows[0]]
    }
    expect(await shapeOf('1,2\n3,4\n')).toEqual([2, 2, 'object'])
    expect(await shapeOf('1,2\n3,4\n5,6\n', 'timeseries')).toEqual([3, 2, 'number'])
    for (const [text, kind] of [['1\n2\n'], ['1,2\n'], ['1,2,3\n4,5,6\n'], ['1\n2\n', 'timeseries']] as const)
      await expect(shapeOf(text, kind)).rejects.toMatchObject({
        code: 'BAD_DATA',
        message: expect.stringMatching(/^a feature names 2 regions, its matrix has \d x \d values$/),
      })
  })
})
