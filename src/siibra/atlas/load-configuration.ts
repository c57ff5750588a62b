import { basename } from 'node:path'
import { fingerprintOf } from '../configuration/fingerprint.ts'
import { readConfiguration } from '../configuration/load.ts'
import type { ConfigurationFiles } from '../configuration/source/files.ts'
import { openConfigurationFiles } from '../configuration/source/source.ts'
import { createDatasetCatalogue } from '../datasets/datasets.ts'
import { documentsInFolder, documentsOfMirrors } from '../datasets/documents.ts'
import { createRetrieval, type Retrieval } from '../retrieval/retrieval.ts'
import { withTimeout } from '../retrieval/wrappers/with-timeout.ts'
import { createVolumeReader, type VolumeReaderOptions } from '../volumes/volume-reader.ts'
import type { AtlasCore } from './atlas-core.ts'

export interface LoadOptions {
  /**
   * A folder, a `.zip` or `.tar.gz` archive at a path or URL, or the files themselves; several are read together, and where two have
   * the same `@id`, the first counts.
   */
  configuration: string | ConfigurationFiles | readonly (string | ConfigurationFiles)[]
  /** How remote data are read; a plain HTTP client where nothing is given. */
  retrieval?: Retrieval
  /** Folder of knowledge-graph documents, asked instead of their remote mirrors. */
  snapshotFolder?: string | undefined
  /** Bounds of what is read and kept of volumes. */
  volumes?: Omit<VolumeReaderOptions, 'retrieval'> | undefined
}

/** Loads a configuration. Throws BAD_CONFIGURATION where there is nothing usable in it. */
export async function loadConfiguration(options: LoadOptions): Promise<AtlasCore> {
  const { configuration, retrieval = createRetrieval(), snapshotFolder } = options
  const locations = [configuration].flat() as (string | ConfigurationFiles)[]
  const opened = await Promise.all(
    locations.map(async (one) => (typeof one === 'string' ? openConfigurationFiles(one, retrieval) : one)),
  )
  const parts = opened.map((files) => ({
    files,
    baseUrl: files.data && retrieval.mount(basename(files.source), files.data),
  }))
  const { atlases, spaces, parcellations, maps, featureSpecs, problems } = await readConfiguration(parts)
  const readDocument = snapshotFolder ? documentsInFolder(snapshotFolder) : documentsOfMirrors(retrieval)
  return {
    atlases,
    spaces,
    parcellations,
    maps,
    featureSpecs,
    configuration: {
      source: opened.map(({ source }) => source).join(', '),
      commit: opened.length === 1 ? (opened[0]?.commit ?? null) : null,
      problems,
      fingerprint: (pause) => fingerprintOf(opened, pause),
    },
    datasets: createDatasetCatalogue(withTimeout(readDocument)),
    retrieval,
    volumes: createVolumeReader({ ...options.volumes, retrieval }),
    readDocument,
  }
}
