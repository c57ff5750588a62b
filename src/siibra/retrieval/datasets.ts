import { createHash } from 'node:crypto'
import type { DatasetReference } from '../core/types.ts'

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
  /** False where the document could not be read: only the id is sure. */
  isComplete: boolean
}

/** Reads a knowledge-graph document, e.g. `ebrainsquery/v3/DatasetVersion/<uuid>.json`; `undefined` where it cannot be had. */
export type ReadDocument = (path: string) => Promise<unknown>

/** Describes data sets; every document is read once. */
export interface DatasetCatalogue {
  describe(reference: DatasetReference): Promise<DatasetDescription>
  /** The descriptions in the order of the references. */
  describeAll(references: readonly DatasetReference[]): Promise<DatasetDescription[]>
}

const FOLDERS = {
  EbrainsDataset: 'ebrainsquery/v1/dataset',
  EbrainsV3DatasetVersion: 'ebrainsquery/v3/DatasetVersion',
  EbrainsV3Dataset: 'ebrainsquery/v3/Dataset',
} as const

type Document = Record<string, unknown>
type EbrainsReference = Exclude<DatasetReference, { kind: 'GenericDataset' }>

/** A document that cannot be had degrades the description and is asked for again next time; it never fails an answer. */
export function createDatasetCatalogue(readDocument: ReadDocument): DatasetCatalogue {
  const documents = new Map<string, Promise<Document | undefined>>()
  const descriptions = new WeakMap<DatasetReference, Promise<DatasetDescription>>()

  const read = (reference: EbrainsReference): Promise<Document | undefined> => {
    const uuid = /[a-f0-9-]+$/.exec(reference.id)?.[0]
    if (!uuid) return Promise.resolve(undefined)
    const path = `${FOLDERS[reference.kind]}/${uuid}.json`
    const known = documents.get(path)
    if (known) return known
    const reading = readDocument(path).then(toDocument, () => undefined)
    documents.set(path, reading)
    reading.then((document) => document || documents.delete(path))
    return reading
  }
  const readAll = async (all: EbrainsReference[]) =>
    (await Promise.all(all.map(read))).filter((one) => one !== undefined)

  const build = async (reference: DatasetReference): Promise<DatasetDescription> => {
    if (reference.kind === 'GenericDataset') return describeGeneric(reference)
    const { kind, id } = reference
    const document = await read(reference)
    if (!document) return describeUnknown(id)
    if (kind === 'EbrainsDataset') return describeV1(id, document)
    if (kind === 'EbrainsV3Dataset') {
      return describeDataset(id, document, await readAll(references(document.versions, 'EbrainsV3DatasetVersion')))
    }
    const isWhole = text(document.fullName) && text(document.description)
    const parents = isWhole ? [] : await readAll(references(document.isVersionOf, 'EbrainsV3Dataset'))
    return describeVersion(id, document, parents)
  }

  const describe = (reference: DatasetReference): Promise<DatasetDescription> => {
    const known = descriptions.get(reference)
    if (known) return known
    const building = build(reference)
    descriptions.set(reference, building)
    building.then(({ isComplete }) => isComplete || descriptions.delete(reference))
    return building
  }

  return { describe, describeAll: (all) => Promise.all(all.map(describe)) }
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
  }
}

function describeUnknown(id: string): DatasetDescription {
  const empty = { description: null, urls: [], contributors: [], custodians: [], ebrainsPage: null, licenses: [] }
  return { id, name: id, ...empty, isComplete: false }
}

function describeV1(id: string, document: Document): DatasetDescription {
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
function describeVersion(id: string, document: Document, parents: Document[]): DatasetDescription {
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
function describeDataset(id: string, document: Document, versions: Document[]): DatasetDescription {
  const authors = versions.flatMap(({ author }) => list(author).map(toV3Person))
  const contributors = [...new Map(authors.map((person) => [person.id, person])).values()]
  return { ...describeV3(id, document), contributors }
}

function describeV3(id: string, document: Document): DatasetDescription {
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

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
