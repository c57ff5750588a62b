/** Whole tables of regions and features, on the demo. */
import { describe, expect, test } from 'vitest'
import { doiIn } from '../../../src/siibra/facts/citations.ts'
import { featureIndex } from '../../../src/siibra/features/catalogue.ts'
import { loadTable } from '../../../src/siibra/features/load/load-table.ts'
import {
  type Hemisphere,
  hemisphereOf,
  loadCitations,
  loadFeatureMatrix,
  type Region,
  regionRows,
  type Space,
  searchFeatures,
} from '../../../src/siibra/index.ts'
import { parseBox } from '../../../src/siibra/listing/list-features.ts'
import { DEMO_CONFIGURATION } from '../../configurations.ts'

const core = await DEMO_CONFIGURATION.load()
const harbour = core.parcellations.get('siibra-api/demo/parcellation/harbour-2')
const mni = { id: 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2' } as Space
const allen = { id: 'minds/core/referencespace/v1.0.0/265d32a0-3d84-40a5-926f-bf89f68212b9' } as Space

describe('the side of a region', () => {
  const named = (name: string, parentName?: string) => {
    const root = { name: 'Left-handed atlas', parent: null } as Region
    const parent = parentName ? ({ name: parentName, parent: root } as Region) : root
    return { name, parent } as Region
  }
  test.each<[string, Hemisphere | null]>([
    ['Area hOc1 (V1, 17, CalcS) left', 'left'],
    ['Right cerebral hemisphere', 'right'],
    ['ctx_lh_cuneus', 'left'],
    ['lh.cuneus', 'left'],
    ['Hippocampus R', 'right'],
    ['L Amygdala', 'left'],
    ['Layer L of it', null],
    ['left and right', null],
    ['Alright', null],
  ])('%s', (name, side) => {
    expect(hemisphereOf(named(name))).toBe(side)
  })

  test('is that of what it is a part of, of its fragment, or of x, in this order', () => {
    expect(hemisphereOf(named('CA1', 'right hippocampus'), { fragment: 'left hemisphere' })).toBe('right')
    expect(hemisphereOf(named('CA1'), { fragment: 'left hemisphere', space: mni, xMm: 30 })).toBe('left')
    expect(hemisphereOf(named('CA1'), { space: mni, xMm: 30 })).toBe('right')
    expect(hemisphereOf(named('CA1'), { space: mni, xMm: -0.5 })).toBe('left')
    expect(hemisphereOf(named('CA1'), { space: mni, xMm: 0 })).toBeNull()
    expect(hemisphereOf(named('CA1'), { space: allen, xMm: 30 })).toBeNull()
    expect(hemisphereOf(named('CA1'))).toBeNull()
  })
})

describe('rows of regions', () => {
  const map = core.maps.all.find(({ parcellation, mapType }) => parcellation === harbour && mapType === 'LABELLED')
  const rows = regionRows(harbour, { map })

  test('are all regions in the order of the tree, without the parcellation', () => {
    expect(rows.map(({ name }) => name)).toEqual(harbour.regions.slice(1).map(({ name }) => name))
    expect(rows.map(({ order }) => order)).toEqual(rows.map((_, i) => i))
    expect(new Set(rows.map(({ depth }) => depth)).size).toBeGreaterThan(2)
  })

  test('lead to their parents, and say what they are', () => {
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const row of rows) {
      expect(row.path).toHaveLength(row.depth)
      expect(row.path.at(-1)).toBe(row.name)
      if (row.depth === 1) expect(row.parent_id).toBeNull()
      else expect(byId.get(row.parent_id ?? '')?.path).toEqual(row.path.slice(0, -1))
      expect(row.is_leaf).toBe(!rows.some(({ parent_id }) => parent_id === row.id))
      if (/ left$/.test(row.name)) expect(row.side).toBe('left')
    }
  })

  test('tell where the map draws them', () => {
    const drawn = rows.filter(({ label }) => label !== null)
    expect(drawn.map(({ name }) => name).sort()).toEqual([...(map?.indices.keys() ?? [])].sort())
    for (const { name, label, volume, fragment } of drawn)
      expect({ label, volume, fragment }).toEqual(map?.indices.get(name)?.[0])
  })

  test('may be those of a branch, of a level, or of the ends', () => {
    const branch = harbour.children[0] as Region
    expect(regionRows(branch)[0]?.name).toBe(branch.name)
    expect(regionRows(harbour, { depth: 1 }).map(({ name }) => name)).toEqual(harbour.children.map(({ name }) => name))
    expect(regionRows(harbour, { leaf: true }).every(({ is_leaf }) => is_leaf)).toBe(true)
    expect(regionRows(harbour, { leaf: false }).length + regionRows(harbour, { leaf: true }).length).toBe(rows.length)
  })
})

describe('a matrix of features', () => {
  test('has the means of the fingerprints of each region', async () => {
    const { regions, columns, values, features } = await loadFeatureMatrix(core, harbour, 'ReceptorDensityFingerprint')
    const index = await featureIndex(core)
    expect(regions.length).toBeGreaterThan(0)
    expect(columns.length).toBeGreaterThan(2)
    for (const [row, region] of regions.entries()) {
      const own = features.filter((one) => index.regionsOf(one.anchor).some((anchored) => anchored.region === region))
      expect(own.length).toBeGreaterThan(0)
      const tables = await Promise.all(own.map((one) => loadTable(core.retrieval, one as never)))
      for (const [column, name] of columns.entries()) {
        const found = tables.flatMap(({ index: labels, columns: [mean] }) => mean?.values[labels.indexOf(name)] ?? [])
        const numbers = found.filter((value): value is number => typeof value === 'number')
        const expected = numbers.length ? numbers.reduce((a, b) => a + b) / numbers.length : null
        if (expected === null) expect(values[row]?.[column]).toBeNull()
        else expect(values[row]?.[column]).toBeCloseTo(expected, 10)
      }
    }
  })

  test('has layers of cell densities, and is refused for other types', async () => {
    const { columns } = await loadFeatureMatrix(core, harbour, 'LayerwiseCellDensity')
    expect(columns.length).toBe(6)
    await expect(loadFeatureMatrix(core, harbour, 'StreamlineCounts')).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
    })
  })
})

describe('a search of features', async () => {
  const { features } = await featureIndex(core)

  test('without a query finds all', async () => {
    expect(await searchFeatures(core, {})).toEqual(features)
  })

  test('by text, type, modality, species and region', async () => {
    const fingerprints = features.filter(({ type }) => type === 'ReceptorDensityFingerprint')
    expect(await searchFeatures(core, { type: 'ReceptorDensityFingerprint' })).toEqual(fingerprints)
    expect(await searchFeatures(core, { text: 'FINGERPRINT receptor' })).toEqual(fingerprints)
    const [first] = fingerprints
    expect(await searchFeatures(core, { text: first?.id ?? '' })).toContain(first)
    expect(await searchFeatures(core, { modality: 'neurotransmitter', species: 'homo sapiens' })).toEqual(fingerprints)
    expect(await searchFeatures(core, { species: 'Danio rerio' })).toEqual([])
    const [anchored] = (await featureIndex(core)).regionsOf(first?.anchor as never)
    const found = await searchFeatures(core, { region: anchored?.region, type: 'ReceptorDensityFingerprint' })
    expect(found).toContain(first)
    expect(found.length).toBeLessThanOrEqual(fingerprints.length)
    await expect(searchFeatures(core, { type: 'nonsense' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
  })

  test('by space and box', async () => {
    const space = core.spaces.get('siibra-api/demo/space/harbour-mean')
    const inSpace = await searchFeatures(core, { space })
    expect(inSpace.length).toBeGreaterThan(0)
    const everywhere = await searchFeatures(core, { box: parseBox('[[-500,-500,-500],[500,500,500]]', space) })
    expect(everywhere.map(({ id }) => id).sort()).toEqual(inSpace.map(({ id }) => id).sort())
    expect(await searchFeatures(core, { box: parseBox('[[400,400,400],[500,500,500]]', space) })).toEqual([])
  })

  test('by data set and licence', async () => {
    const [first] = features.filter(({ datasets }) => datasets.some(({ kind }) => kind !== 'GenericDataset'))
    const [reference] = first?.datasets ?? []
    const id = reference && 'id' in reference ? reference.id : 'none'
    expect(await searchFeatures(core, { dataset: id })).toContain(first)
    const licensed = await searchFeatures(core, { licence: 'cc' })
    for (const { datasets } of licensed) {
      const { licenses } = (await core.datasets.describeAll(datasets)).find((one) => one.licenses.length > 0) ?? {}
      expect(licenses?.join(' ').toLowerCase()).toContain('cc')
    }
    expect(await searchFeatures(core, { licence: 'no such licence' })).toEqual([])
  })
})

describe('citations', () => {
  test('are publications, then data sets with their authors and licences, none twice', async () => {
    const citations = await loadCitations(core, [harbour, harbour])
    expect(citations.map(({ kind }) => kind)).toEqual([...citations.map(({ kind }) => kind)].sort())
    expect(citations[0]).toMatchObject({
      kind: 'article',
      title: 'The Demo Harbour Parcellation',
      text: expect.any(String),
    })
    const datasets = citations.filter(({ kind }) => kind === 'dataset')
    expect(datasets).toHaveLength(new Set(harbour.datasets.map((one) => ('id' in one ? one.id : one.name))).size)
    expect(datasets.some(({ licences, authors }) => licences.length > 0 && authors.length > 0)).toBe(true)
  })

  test.each([
    ['https://doi.org/10.1126/science.abb4588', '10.1126/science.abb4588'],
    ['Amunts K (2020). Science, doi:10.1126/science.abb4588.', '10.1126/science.abb4588'],
    ['(see 10.25493/TAKY-64D)', '10.25493/TAKY-64D'],
    ['https://example.org/10.1/x', null],
  ])('the DOI in %s', (text, doi) => {
    expect(doiIn(text)).toBe(doi)
  })
})
