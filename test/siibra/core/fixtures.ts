import { readFileSync } from 'node:fs'
import { type AtlasCore, createRetrieval, loadConfiguration } from '../../../src/siibra/index.ts'

const folder = new URL('../../fixtures/core/', import.meta.url).pathname

export const OLD_CONFIGURATION = `${folder}configuration-old`
export const NEW_CONFIGURATION = `${folder}configuration-new`

/** The example configuration; remote data are what `remote` has by URL, documents what is in `snapshotFolder`. */
export function loadExample(
  options: { configuration?: string; remote?: Record<string, unknown>; snapshotFolder?: string } = {},
): Promise<AtlasCore> {
  const { configuration = OLD_CONFIGURATION, remote = {}, snapshotFolder = '/nonexistent' } = options
  return loadConfiguration({ configuration, snapshotFolder, retrieval: { ...offline(), json: readFrom(remote) } })
}

const offline = () => createRetrieval({ offline: true })

function readFrom(remote: Record<string, unknown>) {
  return async <T>(url: string) => remote[url] as T | undefined
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
