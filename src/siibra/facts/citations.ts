/** What is to be cited, and under which licence: publications and data sets of parcellations, maps, spaces and features. */
import type { AtlasCore } from '../atlas/atlas-core.ts'
import type { DatasetReference, Publication } from '../core/types.ts'
import type { DatasetDescription } from '../datasets/datasets.ts'
import { loadDatasets } from './concepts.ts'
import type { Gaps } from './gaps.ts'

export interface Citation {
  /** `article`: something to read; `dataset`: data. */
  kind: 'article' | 'dataset'
  /** Id of the data set; the DOI, URL or text of a publication. */
  id: string
  title: string
  /** As they are written: `Family, Given` or a name. Empty where they stand in the text only. */
  authors: readonly string[]
  /** Without `https://doi.org/`; null where none is known. */
  doi: string | null
  url: string | null
  /** The reference as its source writes it; null for data sets. */
  text: string | null
  /** Names or URLs. */
  licences: readonly string[]
}

export interface Citable {
  publications?: readonly Publication[]
  datasets: readonly DatasetReference[]
}

const DOI = /\b10\.\d{4,9}\/[^\s"<>]+/

/** Publications first, then data sets; none twice (by DOI, else by id). Data sets that cannot be had now are told to `gaps`. */
export async function loadCitations(core: AtlasCore, citables: readonly Citable[], gaps?: Gaps): Promise<Citation[]> {
  const publications = citables.flatMap((citable) => citable.publications ?? []).map(citePublication)
  const references = citables.flatMap(({ datasets }) => datasets)
  const datasets = (await loadDatasets(core, references, gaps)).map(citeDataset)
  const byIdentity = new Map<string, Citation>()
  for (const citation of [...publications, ...datasets]) {
    const identity = citation.doi?.toLowerCase() ?? citation.id
    if (identity !== '' && !byIdentity.has(identity)) byIdentity.set(identity, citation)
  }
  return [...byIdentity.values()]
}

export function citePublication(publication: Publication): Citation {
  const { citation = '', url = '', name, authors } = publication
  const doi = doiIn(url) ?? doiIn(citation)
  return {
    kind: 'article',
    id: doi ?? (url || citation),
    title: typeof name === 'string' ? name : citation,
    authors: Array.isArray(authors) ? authors.map(String) : [],
    doi,
    url: url || null,
    text: citation || null,
    licences: [],
  }
}

export function citeDataset({ id, name, contributors, urls, ebrainsPage, licenses }: DatasetDescription): Citation {
  const doi = urls.map(doiIn).find((one) => one !== null) ?? null
  return {
    kind: 'dataset',
    id,
    title: name,
    authors: contributors.map((person) => person.name),
    doi,
    url: urls[0] ?? ebrainsPage,
    text: null,
    licences: licenses,
  }
}

/** The DOI in a text or URL, without what ends the sentence; null where there is none. */
export function doiIn(text: string): string | null {
  const [found] = DOI.exec(text) ?? []
  return found?.replace(/[.,;)\]]+$/, '') ?? null
}
