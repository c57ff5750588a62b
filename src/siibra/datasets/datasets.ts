import { createHash } from 'node:crypto'
import type { DatasetReference } from '../core/types.ts'
import { createByteBoundedCache } from '../retrieval/cache/byte-bounded-cache.ts'

export interface DatasetPerson {
  id: string
  shortName: string
  identifier: string
  name: string
}

/** Metadata of a data set, as far as they could be had. */
export interface DatasetDescription {
  id: string
  name: string
  description: string | null
  urls: string[]
  contributors: DatasetPerson[]
  custodians: DatasetPerson[]
  ebrainsPage: string | null
  licenses: string[]
  /** False where there is no document: only the id is sure. */
  isComplete: boolean
  /** Something could not be read now, and may be there later. */
  isRetryable: boolean
}

/** Reads a knowledge-graph document, e.g. `ebrainsquery/v3/DatasetVersion/<uuid>.json`; `undefined` where it cannot be had. */
export type ReadDocument = (path: string) => Promise<unknown>

/** Describes data sets; every document is read once. */
export interface DatasetCatalogue {
  describe(reference: DatasetReference): Promise<DatasetDescription>
  /** The descriptions in the order of the references. */
  describeAll(references: readonly DatasetReference[]): Promise<DatasetDescription[]>
}

/** So many documents are kept, and as many descriptions: some 8 KiB each. */
const MAX_KEPT = 4096

const FOLDERS = {
  EbrainsDataset: 'ebrainsquery/v1/dataset',
  EbrainsV3DatasetVersion: 'ebrainsquery/v3/DatasetVersion',
  EbrainsV3Dataset: 'ebrainsquery/v3/Dataset',
} as const

type Document = Record<string, unknown>
type EbrainsReference = Exclude<DatasetReference, { kind: 'GenericDataset' }>

/** What documents say, whether or not some of them could be had. */
type Described = Omit<DatasetDescription, 'isRetryable'>

/** What came of reading a document; both are false and missing where it does not exist. */
interface Reading {
  document?: Document | undefined
  isRetryable: boolean
}

/** A document that cannot be had degrades the description and is asked for again next time; it never fails an answer. */
export function createDatasetCatalogue(readDocument: ReadDocument): DatasetCatalogue {
  const isComplete = ({ isRetryable }: { isRetryable: boolean }) => !isRetryable
  const bounds = { maxBytes: MAX_KEPT, sizeOf: () => 1, isComplete }
  const readings = createByteBoundedCache<Reading>(bounds)
  const descriptions = createByteBoundedCache<DatasetDescription>(bounds)

  const read = (reference: EbrainsReference): Promise<Reading> => {
    const uuid = /[a-f0-9-]+$/.exec(reference.id)?.[0]
    if (!uuid) return Promise.resolve({ isRetryable: false })
    const path = `${FOLDERS[reference.kind]}/${uuid}.json`
    return readings.load(path, () =>
      readDocument(path).then(
        (value) => ({ document: toDocument(value), isRetryable: false }),
        () => ({ isRetryable: true }),
      ),
    )
  }

  const build = async (reference: EbrainsReference): Promise<DatasetDescription> => {
    const { document, isRetryable } = await read(reference)
    if (!document) return describeUnknown(reference.id, isRetryable)
    const others = await Promise.all(othersNeeded(reference.kind, document).map(read))
    const known = others.map((other) => other.document).filter((other) => other !== undefined)
    const description = DESCRIBE[reference.kind](reference.id, document, known)
    return { ...description, isRetryable: others.some((other) => other.isRetryable) }
  }

  const describe = async (reference: DatasetReference): Promise<DatasetDescription> => {
    if (reference.kind === 'GenericDataset') return describeGeneric(reference)
    return descriptions.load(`${reference.kind} ${reference.id}`, () => build(reference))
  }

  return { describe, describeAll: (all) => Promise.all(all.map(describe)) }
}

/** A version without name or description takes them from its data set, a data set its contributors from its versions. */
function othersNeeded(kind: EbrainsReference['kind'], document: Document): EbrainsReference[] {
  if (kind === 'EbrainsV3Dataset') return references(document.versions, 'EbrainsV3DatasetVersion')
  if (kind === 'EbrainsDataset' || (text(document.fullName) && text(document.description))) return []
  return references(document.isVersionOf, 'EbrainsV3Dataset')
}

function toDocument(value: unknown): Document | undefined {
  return typeof value === 'object' && value !== null ? (value as Document) : undefined
}

function describeGeneric(reference: Extract<DatasetReference, { kind: 'GenericDataset' }>): DatasetDescription {
  const { name, description, url, contributors, license } = reference
  return {
    id: createHash('md5').update(name).digest('hex'),
    name,
    description,
    urls: [url],
    contributors: contributors.map((person) => ({ id: person, shortName: person, identifier: person, name: person })),
    custodians: [],
    ebrainsPage: null,
    licenses: license === undefined ? [] : [license],
    isComplete: true,
    isRetryable: false,
  }
}

function describeUnknown(id: string, isRetryable: boolean): DatasetDescription {
  const empty = { description: null, urls: [], contributors: [], custodians: [], ebrainsPage: null, licenses: [] }
  return { id, name: id, ...empty, isComplete: false, isRetryable }
}

function describeV1(id: string, document: Document): Described {
  return {
    id,
    name: text(document.name) ?? id,
    description: text(document.description),
    urls: list(document.kgReference).map((url) =>
      String(url).startsWith('http') ? String(url) : `https://doi.org/${url}`,
    ),
    contributors: list(document.contributors).map(toV1Person),
    custodians: list(document.custodians).map(toV1Person),
    ebrainsPage: `https://search.kg.ebrains.eu/instances/${id}`,
    licenses: list(document.license).map(String),
    isComplete: true,
  }
}

/** What a version does not say itself, the data sets say that it is a version of. */
function describeVersion(id: string, document: Document, parents: Document[]): Described {
  const firstText = (property: string) =>
    [document, ...parents].map((one) => text(one[property])).find((found) => found !== null && found !== '')
  return {
    ...describeV3(id, document),
    name: `${firstText('fullName') ?? id} (${document.versionIdentifier ?? 'None'})`,
    description: firstText('description') ?? '',
    contributors: list(document.author).map(toV3Person),
  }
}

/** Contributors are the authors of all versions. */
function describeDataset(id: string, document: Document, versions: Document[]): Described {
  const authors = versions.flatMap(({ author }) => list(author).map(toV3Person))
  const contributors = [...new Map(authors.map((person) => [person.id, person])).values()]
  return { ...describeV3(id, document), contributors }
}

function describeV3(id: string, document: Document): Described {
  const urls = list(document.doi).map((doi) => text((doi as Document).identifier) ?? '')
  return {
    id,
    name: text(document.fullName) ?? id,
    description: text(document.description) ?? '',
    urls,
    contributors: [],
    custodians: list(document.custodian).map(toV3Person),
    ebrainsPage: urls[0] ?? null,
    licenses: list(document.license).map(String),
    isComplete: true,
  }
}

function toV1Person(value: unknown): DatasetPerson {
  const person = value as Document
  const name = text(person.name) ?? ''
  return {
    id: text(person['@id']) ?? '',
    shortName: text(person.shortName) ?? text(person['schema.org/shortName']) ?? name,
    identifier: text(person.identifier) ?? '',
    name,
  }
}

function toV3Person(value: unknown): DatasetPerson {
  const person = value as Document
  const id = text(person.id) ?? ''
  const name = [person.givenName, person.familyName].map((part) => part ?? 'None').join(' ')
  return { id, shortName: name, identifier: id, name }
}

function references(value: unknown, kind: EbrainsReference['kind']): EbrainsReference[] {
  return list(value).map((reference) => ({ kind, id: String((reference as Document).id) }))
}

/** How each kind is described, from its document and those of the others it needs. */
const DESCRIBE: Record<EbrainsReference['kind'], (id: string, document: Document, others: Document[]) => Described> = {
  EbrainsDataset: describeV1,
  EbrainsV3DatasetVersion: describeVersion,
  EbrainsV3Dataset: describeDataset,
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
