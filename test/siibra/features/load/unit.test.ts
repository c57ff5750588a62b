import { expect, test } from 'vitest'
import { loadUnit, type TabularFeature } from '../../../../src/siibra/features/load/load-table.ts'
import { BASE, sourceOf } from './sources.ts'

test.each([
  [{ kind: 'receptor-fingerprint', url: `${BASE}file` }, 'fmol/mg'],
  [{ kind: 'layerwise-cell-density' }, '# detected cells/0.1mm3'],
  [{ kind: 'table', type: 'GeneExpressions' }, 'expression level'],
  [{ kind: 'table', type: 'Tabular' }, ''],
  [{ kind: 'field-potential' }, ''],
])('what %j measures is in %j', async (feature, unit) => {
  const { retrieval } = sourceOf({ file: 'r\tmean\tsd\tunit\nAMPA\t5.5\t1\tfmol/mg\n' })
  expect(await loadUnit(retrieval, feature as TabularFeature)).toBe(unit)
})
