import { describe, expect, test } from 'vitest'
import { citeDataset, citePublication, loadCitations } from '../../../src/siibra/facts/citations.ts'
import { loadSmallAtlas, space } from '../small-atlas.ts'

describe('a publication', () => {
  const nothing = { kind: 'article', id: '', title: '', authors: [], doi: null, url: null, text: null, licences: [] }
  test.each([
    [{}, nothing],
    [{ url: 'u' }, { ...nothing, id: 'u', url: 'u' }],
    [{ citation: 'c' }, { ...nothing, id: 'c', title: 'c', text: 'c' }],
    [
      { citation: 'c', url: 'u' },
      { ...nothing, id: 'u', title: 'c', text: 'c', url: 'u' },
    ],
    [
      { citation: 'see 10.1000/c', url: 'https://doi.org/10.1000/u', name: 'N', authors: ['A', 'B'] },
      {
        ...nothing,
        id: '10.1000/u',
        doi: '10.1000/u',
        title: 'N',
        authors: ['A', 'B'],
        text: 'see 10.1000/c',
        url: 'https://doi.org/10.1000/u',
      },
    ],
    [
      { citation: 'see 10.1000/c.' },
      { ...nothing, id: '10.1000/c', doi: '10.1000/c', title: 'see 10.1000/c.', text: 'see 10.1000/c.' },
    ],
  ])('%j', (publication, citation) => {
    expect(citePublication(publication)).toEqual(citation)
  })
})

test('a data set has the first DOI among its URLs, else its page', () => {
  const person = (name: string) => ({ id: name, shortName: name, identifier: name, name })
  const described = {
    id: 'i',
    name: 'n',
    description: null,
    urls: ['https://example.org', 'https://doi.org/10.25493/A-1', 'https://doi.org/10.25493/B'],
    contributors: [person('A, B')],
    custodians: [],
    ebrainsPage: 'https://page',
    licenses: ['CC0'],
    isComplete: true,
    isRetryable: false,
  }
  const cited = { kind: 'dataset', id: 'i', title: 'n', authors: ['A, B'], text: null, licences: ['CC0'] }
  expect(citeDataset(described)).toEqual({ ...cited, doi: '10.25493/A-1', url: 'https://example.org' })
  expect(citeDataset({ ...described, urls: [] })).toEqual({ ...cited, doi: null, url: 'https://page' })
})

test('citations come once each, by DOI in any case, and only where they say something', async () => {
  const core = await loadSmallAtlas({ 'spaces/s.json': space('s', 'S') })
  const citations = await loadCitations(core, [
    { publications: [{ url: 'https://doi.org/10.1000/A' }, {}, { citation: 'doi 10.1000/a' }], datasets: [] },
    { publications: [{ url: 'u' }, { citation: 'x', url: 'u' }], datasets: [] },
    { datasets: [{ kind: 'GenericDataset', name: 'N', contributors: [], url: 'v', description: '' }] },
  ])
  expect(citations.map(({ title, url }) => [title, url])).toEqual([
    ['', 'https://doi.org/10.1000/A'],
    ['', 'u'],
    ['N', 'v'],
  ])
})
