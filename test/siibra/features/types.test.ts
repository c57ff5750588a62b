import { describe, expect, test } from 'vitest'
import {
  concreteTypesOf,
  displayNameOf,
  isKindOf,
  parseFeatureType,
  qualifiedName,
} from '../../../src/siibra/features/types.ts'
import { parseAskedTypes } from '../../../src/siibra/listing/list-features.ts'
import { formatIndex } from '../../../src/siibra/livequeries/pandas-index.ts'
import { fixtures } from './fixtures.ts'

describe('names of types', () => {
  test('a type stands for those under it, in alphabetical order', () => {
    const profiles = parseFeatureType('CorticalProfile')
    expect(profiles).toEqual(
      expect.arrayContaining(['BigBrainIntensityProfile', 'CellDensityProfile', 'ReceptorDensityProfile']),
    )
    expect(profiles).toEqual(profiles.toSorted())
    expect(profiles.every((name) => isKindOf(name, 'CorticalProfile'))).toBe(true)
    expect(profiles).not.toContain('CorticalProfile')
  })

  test('parts of names and dotted names', () => {
    expect(parseFeatureType('streamline')).toEqual(['StreamlineCounts', 'StreamlineLengths'])
    expect(parseFeatureType('Feature.RegionalConnectivity.StreamlineCounts')).toEqual(['StreamlineCounts'])
  })

  test('unknown ones are refused with those that there are', () => {
    expect(() => parseFeatureType('nope')).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
    expect(() => parseAskedTypes('', 'Tabular')).toThrow(expect.objectContaining({ code: 'INVALID_COMBINATION' }))
    expect(() => parseAskedTypes('Image', 'Tabular')).toThrow(/not a kind of Tabular/)
  })

  test('time series are listed where they are asked for', () => {
    expect(parseAskedTypes(undefined, 'Tabular').names).not.toContain('RegionalBOLD')
    expect(parseAskedTypes('RegionalBOLD', 'Tabular').names).toEqual(['RegionalBOLD'])
    expect(parseAskedTypes('RegionalTimeseriesActivity', 'Tabular').names).toEqual(['RegionalBOLD'])
  })

  test('for people and for programs', () => {
    expect(qualifiedName('ReceptorDensityProfile')).toBe('Feature.Tabular.CorticalProfile.ReceptorDensityProfile')
    expect(displayNameOf('DTIVolumeOfInterest')).toBe('DTI Volume Of Interest')
    expect(concreteTypesOf('Image')).toContain('DTIVolumeOfInterest')
  })
})

test('indices are written as pandas writes them', () => {
  for (const [rows, text] of fixtures.indices) expect(formatIndex(rows)).toBe(text)
})
