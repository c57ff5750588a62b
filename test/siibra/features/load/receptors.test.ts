import { expect, test } from 'vitest'
import type { FingerprintFeature, ReceptorProfileFeature } from '../../../../src/siibra/features/feature.ts'
import {
  loadFingerprint,
  loadReceptorProfile,
  nameNeurotransmitters,
} from '../../../../src/siibra/features/load/load-receptors.ts'
import { BASE, sourceOf } from './sources.ts'

const file = { url: `${BASE}file` }
const fingerprint = (text: string) => loadFingerprint(sourceOf({ file: text }).retrieval, file as FingerprintFeature)
const profile = (text: string) =>
  loadReceptorProfile(sourceOf({ file: text }).retrieval, file as ReceptorProfileFeature)

test('a fingerprint has the mean and deviation of each receptor, and a unit', async () => {
  const { table, unit } = await fingerprint('r\tmean\tsd\tunit\nAMPA\t5.5\t1\tfmol/mg\nNMDA\t7\tmissing\tfmol/mg\n')
  expect(unit).toBe('fmol/mg')
  expect(table).toMatchObject({ indexName: 'receptor', index: ['AMPA', 'NMDA'] })
  expect(table.columns.map(({ name, values }) => [name, ...values])).toEqual([
    ['mean', 5.5, 7],
    ['std', null, null],
  ])
})

test('a profile has values at depths from 0 to 1, of three columns or more', async () => {
  const expected = { depths: [0, 0.5, 1], values: [3, 2.5, 4], unit: 'fmol/mg' }
  expect(await profile('d\tv\tu\n0\t3\tfmol/mg\n50\t2.5\tfmol/mg\n100\t4\tfmol/mg\n')).toEqual(expected)
  expect(await profile('d\tn\tv\tu\n0\t9\t3\tfmol/mg\n50\t9\t2.5\tfmol/mg\n100\t9\t4\tfmol/mg\n')).toEqual(expected)
  await expect(profile('d\tv\n0\t3\n')).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: `${BASE}file has 2 columns, at least 3 are expected`,
  })
})

test('transmitters are named by the symbols of receptors', () => {
  const symbols = { M1: { neurotransmitter: { label: 'ACh', name: 'acetylcholine' } }, M2: {} }
  expect(nameNeurotransmitters(['M1', 'M2', 'M3'], symbols)).toEqual([
    'ACh (acetylcholine)',
    'M2 (undeciphered)',
    'M3 (undeciphered)',
  ])
})
