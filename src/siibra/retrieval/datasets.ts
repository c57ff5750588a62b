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
  const descriptions = new Map<string, Promise<DatasetDescription>>()

  const read = async ({ kind, id }: EbrainsReference): Promise<Document | undefined> => {
    const uuid = /[a-f0-9-]+$/.exec(id)?.[0]
    if (!uuid) return undefined
    try {
      const document = await readDocument(`${FOLDERS[kind]}/${uuid}.json`)
      return typeof document === 'object' && document !== null ? (document as Document) : undefined
    } catch {
      return undefined
    }
  }

  const build = async (reference: EbrainsReference): Promise<DatasetDescription> => {
    const document = await read(reference)
    if (!document) return incomplete(reference.id)
    if (reference.kind === 'EbrainsDataset') return fromV1(reference.id, document)
    if (reference.kind === 'EbrainsV3Dataset') return fromDataset(reference.id, document, versionDescriptions(document))
    return fromVersion(reference.id, document, parents(document))
  }

  const describeAll = (references: readonly DatasetReference[]) => Promise.all(references.map(describe))
  const parents = (document: Document) => describeAll(references(document.isVersionOf, 'EbrainsV3Dataset'))
  const versionDescriptions = (document: Document) =>
    describeAll(references(document.versions, 'EbrainsV3DatasetVersion'))

  const describe = (reference: DatasetReference): Promise<DatasetDescription> => {
    if (reference.kind === 'GenericDataset') return Promise.resolve(describeGeneric(reference))
    const key = `${reference.kind} ${reference.id}`
    let description = descriptions.get(key)
    if (!description) {
      description = build(reference)
      descriptions.set(key, description)
      description.then(({ isComplete }) => isComplete || descriptions.delete(key))
    }
    return description
  }

  return { describe, describeAll }
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

function incomplete(id: string): DatasetDescription {
  const empty = { description: null, urls: [], contributors: [], custodians: [], ebrainsPage: null, licenses: [] }
  return { id, name: id, ...empty, isComplete: false }
}

function fromV1(id: string, document: Document): DatasetDescription {
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

async function fromVersion(
  id: string,
  document: Document,
  parents: Promise<DatasetDescription[]>,
): Promise<DatasetDescription> {
  const ownName = text(document.fullName)
  const ownDescription = text(document.description)
  const lacksSomething = !ownName || !ownDescription
  const known = lacksSomething ? (await parents).filter(({ isComplete }) => isComplete) : []
  const fullName = ownName || known.map(({ name }) => name).find(Boolean) || id
  return {
    ...fromV3(id, document),
    name: `${fullName} (${document.versionIdentifier ?? null})`.replace('(null)', '(None)'),
    description: ownDescription || known.map(({ description }) => description).find(Boolean) || '',
    contributors: list(document.author).map(toV3Person),
  }
}

async function fromDataset(
  id: string,
  document: Document,
  versions: Promise<DatasetDescription[]>,
): Promise<DatasetDescription> {
  const contributors = new Map<string, DatasetPerson>()
  for (const version of await versions) for (const person of version.contributors) contributors.set(person.id, person)
  return { ...fromV3(id, document), contributors: [...contributors.values()] }
}

function fromV3(id: string, document: Document): DatasetDescription {
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
