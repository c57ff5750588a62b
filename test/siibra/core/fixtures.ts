import { readFileSync } from 'node:fs'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../../../src/siibra/index.ts'

const folder = new URL('../../fixtures/core/', import.meta.url).pathname

export const OLD_CONFIGURATION = `${folder}configuration-old`
export const NEW_CONFIGURATION = `${folder}configuration-new`

export interface ExampleOptions {
  configuration?: string
  /** Remote data by URL; an error is thrown. What is not here does not exist. */
  remote?: Record<string, unknown>
  /** Where knowledge-graph documents are; among the remote data, where null. */
  snapshotFolder?: string | null
}

export function loadExample(options: ExampleOptions = {}): Promise<AtlasCore> {
  const { configuration = OLD_CONFIGURATION, remote = {}, snapshotFolder = '/nonexistent' } = options
  const retrieval = { ...offline(), json: readFrom(remote) }
  return loadConfiguration({ configuration, retrieval, ...(snapshotFolder === null ? {} : { snapshotFolder }) })
}

const offline = () => createRetrieval({ offline: true })

function readFrom(remote: Record<string, unknown>) {
  return async <T>(url: string) => {
    if (remote[url] instanceof Error) throw remote[url]
    return remote[url] as T | undefined
  }
}

type Failure = { error: string }

/** Answers of siibra 0.4a107; see test/fixtures/core/README.md. */
export interface RecordedSearches {
  names: [name: string, cleared: string, key: string][]
  likeness: [a: string, b: string, ratio: number][]
  lookUps: [registry: 'atlases' | 'spaces' | 'parcellations', spec: string, id: string | Failure][]
  modelIds: Record<string, [name: string, md5: string][]>
  regions: [parcellationId: string, spec: string, found: string[] | Failure, chosen: string | Failure][]
}

export const recorded: RecordedSearches = JSON.parse(readFileSync(`${folder}searches.json`, 'utf8'))
