import { expect, test } from 'vitest'
import { createDatasetCatalogue } from '../../../src/siibra/datasets/datasets.ts'

const person = (id: string, givenName: string, familyName: string) => ({ id, givenName, familyName })

const DOCUMENTS: Record<string, unknown> = {
  'ebrainsquery/v1/dataset/aa.json': {
    name: 'Old',
    description: 'Old one',
    kgReference: ['10.1/x', 'https://example.org/y'],
    contributors: [{ '@id': 'p', 'schema.org/shortName': 'P.', identifier: 'i', shortName: 'P.', name: 'Pat' }],
    custodians: { name: 'Cy' },
    license: null,
  },
  'ebrainsquery/v3/DatasetVersion/ab.json': {
    fullName: null,
    versionIdentifier: 'v2',
    isVersionOf: [{ id: 'https://kg/ac' }],
    doi: [{ identifier: 'https://doi.org/10.1/z' }],
    author: [person('p1', 'Ada', 'A'), person('p2', 'Bo', 'B')],
    custodian: [person('p3', 'Cy', 'C')],
    license: 'CC0',
  },
  'ebrainsquery/v3/Dataset/ac.json': {
    fullName: 'Whole',
    description: 'The whole',
    doi: [],
    versions: [{ id: 'https://kg/ab' }, { id: 'https://kg/ad' }],
    custodian: [],
  },
}

const named = (name: string) => ({ id: name, shortName: name, identifier: name, name })
const read = async (path: string) => DOCUMENTS[path]
const ada = { id: 'p1', shortName: 'Ada A', identifier: 'p1', name: 'Ada A' }

test('a version takes name and description from the data set that it is a version of', async () => {
  const description = await createDatasetCatalogue(read).describe({
    kind: 'EbrainsV3DatasetVersion',
    id: 'https://kg/ab',
  })
  expect(description).toMatchObject({
    id: 'https://kg/ab',
    name: 'Whole (v2)',
    description: 'The whole',
    ebrainsPage: 'https://doi.org/10.1/z',
    urls: ['https://doi.org/10.1/z'],
    contributors: [ada, { name: 'Bo B' }],
    custodians: [{ name: 'Cy C' }],
    licenses: ['CC0'],
    isComplete: true,
  })
})

test('a data set takes its contributors from its versions, though they refer back to it', async () => {
  const description = await createDatasetCatalogue(read).describe({ kind: 'EbrainsV3Dataset', id: 'ac' })
  expect(description).toMatchObject({ name: 'Whole', ebrainsPage: null, contributors: [ada, { name: 'Bo B' }] })
  expect(description).toMatchObject({ isComplete: true, isRetryable: false, licenses: [], urls: [] })
})

test('a data set of the first knowledge graph', async () => {
  const description = await createDatasetCatalogue(read).describe({ kind: 'EbrainsDataset', id: 'minds/aa' })
  expect(description).toEqual({
    id: 'minds/aa',
    name: 'Old',
    description: 'Old one',
    urls: ['https://doi.org/10.1/x', 'https://example.org/y'],
    ebrainsPage: 'https://search.kg.ebrains.eu/instances/minds/aa',
    contributors: [{ id: 'p', shortName: 'P.', identifier: 'i', name: 'Pat' }],
    custodians: [{ id: '', shortName: 'Cy', identifier: '', name: 'Cy' }],
    licenses: [],
    isComplete: true,
    isRetryable: false,
  })
})

test('a publication is a data set whose id is the MD5 of its name', async () => {
  const publication = {
    kind: 'GenericDataset' as const,
    name: 'FreeSurfer',
    contributors: ['Bruce Fischl'],
    url: 'https://example.org',
    description: 'A suite',
  }
  const described = {
    id: '419327787d12df0ef47a998cdef09040',
    name: 'FreeSurfer',
    description: 'A suite',
    urls: ['https://example.org'],
    contributors: [named('Bruce Fischl')],
    custodians: [],
    ebrainsPage: null,
    licenses: [],
    isComplete: true,
    isRetryable: false,
  }
  const catalogue = createDatasetCatalogue(read)
  expect(await catalogue.describe(publication)).toEqual(described)
  expect(await catalogue.describe({ ...publication, license: 'MIT' })).toEqual({ ...described, licenses: ['MIT'] })
})

test('a document that cannot be had now leaves the id, and is asked for again', async () => {
  let isAway = true
  const catalogue = createDatasetCatalogue(async (path) => {
    if (isAway) throw new Error('away')
    return DOCUMENTS[path]
  })
  const reference = { kind: 'EbrainsV3Dataset', id: 'ac' } as const
  const unknown = { id: 'ac', name: 'ac', description: null, urls: [], contributors: [], isComplete: false }
  expect(await catalogue.describe(reference)).toMatchObject({ ...unknown, isRetryable: true })
  isAway = false
  expect(await catalogue.describe(reference)).toMatchObject({ name: 'Whole', isComplete: true, isRetryable: false })
})

test('a document that does not exist leaves the id, for good', async () => {
  for (const nothing of [undefined, null, 'text']) {
    const catalogue = createDatasetCatalogue(async () => nothing)
    for (const id of ['aa', 'no UUID!']) {
      const description = await catalogue.describe({ kind: 'EbrainsDataset', id })
      expect(description).toMatchObject({ id, name: id, isComplete: false, isRetryable: false })
    }
  }
})

test('a version whose data set is away says that something is missing', async () => {
  const catalogue = createDatasetCatalogue(async (path) => {
    if (path.includes('/Dataset/')) throw new Error('away')
    return DOCUMENTS[path]
  })
  const description = await catalogue.describe({ kind: 'EbrainsV3DatasetVersion', id: 'ab' })
  expect(description).toMatchObject({ name: 'ab (v2)', isComplete: true, isRetryable: true })
})

test('every document is read once', async () => {
  const paths: string[] = []
  const catalogue = createDatasetCatalogue(async (path) => {
    paths.push(path)
    return DOCUMENTS[path]
  })
  const version = { kind: 'EbrainsV3DatasetVersion', id: 'ab' } as const
  await catalogue.describeAll([version, version, { kind: 'EbrainsV3Dataset', id: 'ac' }])
  expect(paths.sort()).toEqual([
    'ebrainsquery/v3/Dataset/ac.json',
    'ebrainsquery/v3/DatasetVersion/ab.json',
    'ebrainsquery/v3/DatasetVersion/ad.json',
  ])
})

test('a version that has name and description needs no other document', async () => {
  const asked = async (document: object) => {
    const paths: string[] = []
    const catalogue = createDatasetCatalogue(async (path) => {
      paths.push(path)
      return path.includes('Version') ? { ...document, isVersionOf: { id: 'ac' } } : DOCUMENTS[path]
    })
    const { name, description } = await catalogue.describe({ kind: 'EbrainsV3DatasetVersion', id: 'ab' })
    return [paths.length, name, description]
  }
  expect(await asked({ fullName: 'Own', description: 'Its own' })).toEqual([1, 'Own (None)', 'Its own'])
  expect(await asked({ fullName: 'Own', description: '' })).toEqual([2, 'Own (None)', 'The whole'])
  expect(await asked({ fullName: '', description: 'Its own' })).toEqual([2, 'Whole (None)', 'Its own'])
})
