import type { LoadedConfiguration } from '../configuration/load.ts'
import type { ConfigurationProblem } from '../configuration/specification.ts'
import type { DatasetCatalogue, ReadDocument } from '../datasets/datasets.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import type { VolumeReader } from '../volumes/volume-reader.ts'

/** Everything that a configuration describes, loaded. */
export interface AtlasCore extends Pick<LoadedConfiguration, 'atlases' | 'spaces' | 'parcellations' | 'maps'> {
  /** Features of the configuration by normalised type, read on first use. */
  featureSpecs: LoadedConfiguration['featureSpecs']
  configuration: {
    /** Path or URL. */
    source: string
    /** Short hash, where known. */
    commit: string | null
    /** What could not be used; grows when the features are read. */
    problems: readonly ConfigurationProblem[]
    /** A hash of all of its files; `pause` is waited for between them. */
    fingerprint(pause?: () => Promise<unknown>): Promise<string>
  }
  datasets: DatasetCatalogue
  retrieval: Retrieval
  /** Reads voxels, keeps the last ones decoded. */
  volumes: VolumeReader
  /** Reads knowledge-graph documents. */
  readDocument: ReadDocument
}
